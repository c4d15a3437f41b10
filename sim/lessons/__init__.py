"""What is taught: screens, what they compute, and their handouts."""
