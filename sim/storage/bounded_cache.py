"""A cache that holds the latest few of what is slow to make, shared by threads.

State: what it holds.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Values by key, the one used longest ago dropped first.

    One value is made at a time, so that all who want the same one wait and share it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def __reduce__(self) -> tuple[type["BoundedCache[Key, Value]"], tuple[int]]:
        """Travel empty: what is held can be made again."""
        return type(self), (self._most,)

    def get(self, key: Key) -> Value | None:
        """Return the value of a key, None if it is not held."""
        return self._held.get(key)

    def keep(self, key: Key, value: Value) -> None:
        """Hold a value."""
        with self._lock:
            self._keep(key, value)

    def of(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made if it is not held."""
        with self._lock:
            value = self._held[key] if key in self._held else make()
            self._keep(key, value)
            return value

    def _keep(self, key: Key, value: Value) -> None:
        self._held[key] = value
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
