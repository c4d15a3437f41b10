"""Minutes of a street, recorded and told."""
