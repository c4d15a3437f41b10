"""Small drawings that stand in a line of text or a card, as SVG that takes the page's colours.

Each says in words what it shows. Colours are the page's own CSS variables, so that dark and light,
colour blindness and grey print are settled in one place (``sim/ui/style.css``).

State: none.
"""

from html import escape
from math import floor, isfinite

WIDTH, HEIGHT = 260.0, 34.0
_MARGIN = 8.0


def interval_bar(
    estimate: float,
    *,
    luck: tuple[float, float],
    unknown: tuple[float, float],
    most: float,
    kind: str,
    label: str,
) -> str:
    """Return a dot with its two intervals on a line from 0 to ``most``, as SVG.

    luck    : what another day like this would give: a thin dark line
    unknown : what the assumptions' ranges allow: a wide pale band
    kind    : harm or benefit, which names the colour
    label   : what it shows, in words
    """

    def at(value: float) -> float:
        share = min(max(value / most, 0.0), 1.0) if most > 0 and isfinite(value) else 1.0
        return _MARGIN + share * (WIDTH - 2 * _MARGIN)

    middle = HEIGHT / 2
    band, line = (at(unknown[0]), at(unknown[1])), (at(luck[0]), at(luck[1]))
    open_end = "" if isfinite(unknown[1]) else _arrow(WIDTH - _MARGIN, middle)
    return (
        f'<svg class="bar {kind}" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(label)}">'
        f'<line class="axis" x1="{_MARGIN}" x2="{WIDTH - _MARGIN}" y1="{middle}" y2="{middle}"/>'
        f'<rect class="band" x="{band[0]:.1f}" width="{max(band[1] - band[0], 2):.1f}" '
        f'y="{middle - 7}" height="14"/>'
        f'<line class="luck" x1="{line[0]:.1f}" x2="{line[1]:.1f}" y1="{middle}" y2="{middle}"/>'
        f'<circle class="dot" cx="{at(estimate):.1f}" cy="{middle}" r="5"/>{open_end}</svg>'
    )


def _arrow(x: float, y: float) -> str:
    return f'<path class="dot" d="M{x - 6:g} {y - 5:g} L{x + 2:g} {y:g} L{x - 6:g} {y + 5:g} Z"/>'


def icon_array(right: int, mistaken: int, *, label: str) -> str:
    """Return people as shapes, right matches as discs and mistakes as diamonds, as SVG.

    Told apart by shape as well as by colour.
    """
    per_row, size = 20, 18.0
    total = right + mistaken
    rows = max((total + per_row - 1) // per_row, 1)
    shapes = []
    for place in range(total):
        x = (place % per_row + 0.5) * size
        y = (floor(place / per_row) + 0.5) * size
        if place < right:
            shapes.append(f'<circle class="benefit" cx="{x:g}" cy="{y:g}" r="6"/>')
        else:
            shapes.append(
                f'<path class="harm" d="M{x:g} {y - 7.5:g} L{x + 7.5:g} {y:g} '
                f'L{x:g} {y + 7.5:g} L{x - 7.5:g} {y:g} Z"/>'
            )
    return (
        f'<svg class="icons" viewBox="0 0 {per_row * size:g} {rows * size:g}" role="img" '
        f'aria-label="{escape(label)}">{"".join(shapes)}</svg>'
    )
