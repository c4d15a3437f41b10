"""How a table on a terminal is laid out: no lines, first column left, numbers right, 80 wide.

State: none.
"""

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text


def titled(title: str, body: Table) -> Group:
    """Return a table under its title; the table's own title would wrap to its width."""
    return Group(Text(title, style="italic"), body)


def table(columns: Sequence[str], *, left: int = 1) -> Table:
    """Return an empty table.

    left : how many columns, from the first, hold words and not numbers
    """
    made = Table(show_edge=False, pad_edge=False, box=None)
    for place, name in enumerate(columns):
        words = place < left
        made.add_column(
            name,
            justify="left" if words else "right",
            vertical="bottom" if not words else "top",
            no_wrap=not words,
            overflow="fold",
        )
    return made
