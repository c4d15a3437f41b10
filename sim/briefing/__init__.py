"""Results in words and tables for people: sentences, terminal tables, comparisons."""
