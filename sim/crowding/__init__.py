"""Who is seen in a crowd: capture and density."""
