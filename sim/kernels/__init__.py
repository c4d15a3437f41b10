"""The hot loops: compiled, arrays in and arrays out, SI units."""
