"""Numbers to figures: one table in, one figure out."""
