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
    luck: tuple[float, float] | None,
    unknown: tuple[float, float],
    most: float,
    kind: str,
    label: str,
) -> str:
    """Return a dot with its two intervals on a line from 0 to ``most``.

    luck    : what another day like this would give: a thin dark line; None: not drawn
    unknown : what the assumptions' ranges allow: a wide pale band
    kind    : harm, benefit or neutral, which names the colour
    label   : what it shows, in words
    """

    def at(value: float) -> float:
        return 100 * min(max(value / most, 0.0), 1.0) if most > 0 and isfinite(value) else 100.0

    def stretch(ends: tuple[float, float], name: str, least: float) -> str:
        left, right = at(ends[0]), at(ends[1])
        size = max(right - left, least)
        return f'<i class="{name}" style="left:{left:.1f}%;width:{size:.1f}%"></i>'

    line = "" if luck is None else stretch(luck, "luck", 0.5)
    ends = (*unknown, *(luck or ()))
    open_end = "" if all(map(isfinite, ends)) else '<i class="more">▸</i>'
    return (
        f'<span class="bar {kind}" role="img" aria-label="{escape(label)}"><i class="axis"></i>'
        f"{stretch(unknown, 'band', 1)}{line}"
        f'<i class="dot" style="left:{at(estimate):.1f}%"></i>{open_end}</span>'
    )


def icon_array(right: int, mistaken: int, *, label: str) -> str:
    """Return people as signs: right matches as discs, mistakes as diamonds.

    Told apart by shape as well as by colour.
    """
    discs = '<i class="benefit">●</i>' * right
    diamonds = '<i class="harm">◆</i>' * mistaken
    return f'<p class="icons" role="img" aria-label="{escape(label)}">{discs}{diamonds}</p>'
