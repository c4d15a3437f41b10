"""Unit: a street that was walked can be let go of; a year of them must fit into memory."""

import gc
import weakref

from sim.model.street import Street
from tests.places import minimal


def test_a_walked_street_is_not_kept():
    street = Street(minimal())
    street.walk()
    left = weakref.ref(street)
    del street
    gc.collect()
    assert left() is None
