"""Small drawings that stand in a line of text or a card, as HTML that takes the page's colours.

Each says in words what it shows. Colours and sizes are in ``sim/ui/style.css``, so that dark and
light, colour blindness and grey print are settled in one place. Boxes and signs, not SVG: the
page's framework lets no SVG through.

State: none.
"""

from html import escape
from math import isfinite


def interval_bar(
    estimate: float,
    *,
    luck: tuple[float, float],
    unknown: tuple[float, float],
    most: float,
    kind: str,
    label: str,
) -> str:
    """Return a dot with its two intervals on a line from 0 to ``most``.

    luck    : what another day like this would give: a thin dark line
    unknown : what the assumptions' ranges allow: a wide pale band
    kind    : harm, benefit or neutral, which names the colour
    label   : what it shows, in words
    """

    def at(value: float) -> float:
        return 100 * min(max(value / most, 0.0), 1.0) if most > 0 and isfinite(value) else 100.0

    band, line = (at(unknown[0]), at(unknown[1])), (at(luck[0]), at(luck[1]))
    open_end = "" if isfinite(unknown[1]) and isfinite(luck[1]) else '<i class="more">▸</i>'
    return (
        f'<span class="bar {kind}" role="img" aria-label="{escape(label)}"><i class="axis"></i>'
        f'<i class="band" style="left:{band[0]:.1f}%;width:{max(band[1] - band[0], 1):.1f}%"></i>'
        f'<i class="luck" style="left:{line[0]:.1f}%;width:{max(line[1] - line[0], 0.5):.1f}%"></i>'
        f'<i class="dot" style="left:{at(estimate):.1f}%"></i>{open_end}</span>'
    )


def icon_array(right: int, mistaken: int, *, label: str) -> str:
    """Return people as signs: right matches as discs, mistakes as diamonds.

    Told apart by shape as well as by colour.
    """
    discs = '<i class="benefit">●</i>' * right
    diamonds = '<i class="harm">◆</i>' * mistaken
    return f'<p class="icons" role="img" aria-label="{escape(label)}">{discs}{diamonds}</p>'
