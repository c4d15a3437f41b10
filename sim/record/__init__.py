"""Real deployments against the model: read a log, fit one table, predict another, score it."""
