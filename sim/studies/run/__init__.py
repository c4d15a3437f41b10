"""A study run: units of work, workers, resuming, results."""
