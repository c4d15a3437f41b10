"""Runs, one or many: scenario in, tables and summaries out."""
