"""What all tests share."""

from hypothesis import settings

# Slow machines must not fail a property: no deadlines.
settings.register_profile("passerby", deadline=None)
settings.load_profile("passerby")
