"""What a study says: frontier, sensitivity, discovery, the value of information."""
