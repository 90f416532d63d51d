"""What every noun stands on: who acts, what is written, what happened, when, how it is asked and measured."""
