"""The ground of a scenario: polygons, maps, and what is wrong with them."""
