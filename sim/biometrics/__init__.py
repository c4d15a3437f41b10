"""What a matcher and a camera can do, as formulas over arrays."""
