"""What is promised: how soon somebody answers, how soon it is solved."""
