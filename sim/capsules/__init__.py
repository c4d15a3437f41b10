"""A study or a run packed, checked and run again."""
