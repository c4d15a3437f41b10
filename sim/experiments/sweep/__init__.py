"""Studies: many points, each street walked once, results that survive whatever happens."""
