"""What a study asks: levers, uncertainties, design, and what is wrong with them."""
