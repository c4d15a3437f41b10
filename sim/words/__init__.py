"""How it is said: numbers, names and sentences in plain words."""
