"""A handout as Markdown.

State: none.
"""

from collections.abc import Callable, Mapping, Sequence

from sim.lessons.handouts import LICENCE, Block, Handout, Kind
from sim.lessons.screens import Branch

LINE = "_" * 60


def markdown(handout: Handout) -> str:
    """Return a handout as a page of Markdown."""
    parts = [f"# {handout.title}", handout.about, *map(_block, handout.blocks), "---", LICENCE]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    return WRITERS[block.kind](block)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *others = rows
    lines = [_row(head), _row(["---"] * len(head)), *map(_row, others)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _branches(branch: Branch, depth: int) -> list[str]:
    lines = [f"{'  ' * depth}- {branch.label}"]
    for below in branch.branches:
        lines += _branches(below, depth + 1)
    return lines


def _tree(block: Block) -> str:
    if block.tree is None:
        raise ValueError("a tree without branches")
    return "\n".join(_branches(block.tree, 0))


WRITERS: Mapping[Kind, Callable[[Block], str]] = {
    "heading": lambda block: f"## {block.text}",
    "text": lambda block: block.text,
    "strong": lambda block: f"**{block.text}**",
    "list": lambda block: "\n".join(f"- {item}" for item in block.items),
    "choices": lambda block: "\n".join(f"- ☐ {item}" for item in block.items),
    "space": lambda block: "\n\n".join([LINE] * block.lines),
    "field": lambda block: f"{block.text}: {'_' * 20}",
    "table": lambda block: _table(block.rows),
    "tree": _tree,
}
