"""What a person has to do: a call, a visit, a follow-up, a check."""
