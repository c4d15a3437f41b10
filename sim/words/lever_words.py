"""What can be said of a lever: its name, what it does, and what changing it is called.

State: none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Gerund = Callable[[Any, Any], str]


@dataclass(frozen=True, slots=True)
class LeverWords:
    """The words of a lever.

    name        : as a noun
    description : what it is and what it does
    unit        : of a number, as words
    label       : of the control that sets it; the name where it is no other
    said        : what it is set to, in words, from its value; None: name and value
    gerund      : what changing it is called, from the value there and the value here
    choices     : names of the values that the page offers
    """

    name: str
    description: str
    unit: str = ""
    label: str = ""
    said: Callable[[Any], str] | None = None
    gerund: Gerund | None = None
    choices: Mapping[Any, str] | None = None

    @property
    def control(self) -> str:
        """The label of the control that sets it."""
        return self.label or self.name[0].upper() + self.name[1:]

    def setting(self, value: Any) -> str:
        """Return what it is set to."""
        if self.said is not None:
            return self.said(value)
        return f"{self.name} {plain_value(value)}".strip()

    def changed(self, there: Any, here: Any) -> str:
        """Return what changing it is called, in lower case."""
        if there is None:
            return f"setting {self.name} to {plain_value(here)}"
        if here is None:
            return f"taking away {self.name}"
        if self.gerund is not None:
            return self.gerund(there, here)
        return f"changing {self.name} from {plain_value(there)} to {plain_value(here)}"


def plain_value(value: Any) -> str:
    """Return a value of a scenario as it stands in a sentence."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}" if value else "none"
        case int():
            return f"{value:,d}" if value else "none"
        case tuple() | list():
            return "1 entry" if len(value) == 1 else f"{len(value) or 'no'} entries"
        case dict():
            return str(value.get("value", f"{len(value)} entries"))
        case _:
            return str(value)


def together(name: str, doing: str) -> LeverWords:
    """Return the words of a field that is changed whole: ``changing who walks past``."""
    return LeverWords(name, f"{name[0].upper()}{name[1:]}.", gerund=lambda _there, _here: doing)
