"""What is asked: a scenario file, read safely, checked whole and frozen."""
