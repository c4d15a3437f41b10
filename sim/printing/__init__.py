"""The printed page, and drawings as files."""
