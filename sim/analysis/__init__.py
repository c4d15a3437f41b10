"""Tables to numbers: outcomes, intervals and fits."""
