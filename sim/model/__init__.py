"""One run: the walk, the match and the response."""
