"""Published figures with their sources: value, low, high, unit, grade, source."""
