"""The policies of a study as points, those that keep the limits lit.

State: none.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.charts.plot import Axis, Dots, Plot

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats, Floats]  # mean, low, high; one value a policy each
DECADE = 20.0  # from this ratio of largest to smallest on an axis is logarithmic


def frontier_plot(
    *,
    across: Ends,
    up: Ends,
    axes: tuple[str, str],
    names: Sequence[str],
    is_lit: Bools,
    is_not_beaten: Bools,
    chosen: int | None,
    title: str,
) -> tuple[Plot, list[NDArray[np.int64]]]:
    """Return the chart, and for each of its marks the policies that are its points.

    axes          : what lies across and what up, in words that hold the unit
    is_lit        : which policies keep the limits surely enough
    is_not_beaten : which no other policy beats on all goals; those that are lit have intervals
    """
    groups = (
        ("does not keep your limits surely enough", ~is_lit, False),
        ("keeps them", is_lit & ~is_not_beaten, False),
        ("keeps them, and none beats it; lines: 95 in 100 cases", is_lit & is_not_beaten, True),
    )
    looks = (
        ("quiet", "circle-open", 6.0),
        ("neutral", "circle", 8.0),
        ("benefit", "diamond", 11.0),
    )
    marks, places = [], []
    for (label, mask, has_ends), (kind, sign, size) in zip(groups, looks, strict=True):
        members = np.flatnonzero(mask & np.isfinite(across[0]) & np.isfinite(up[0]))
        if not len(members):
            continue
        ends = {
            "left": across[1][members].tolist(),
            "right": across[2][members].tolist(),
            "low": up[1][members].tolist(),
            "high": up[2][members].tolist(),
        }
        marks.append(
            Dots(
                name=label,
                x=across[0][members].tolist(),
                y=up[0][members].tolist(),
                names=[names[int(place)] for place in members],
                kind=kind,  # type: ignore[arg-type]  # a literal, by the table above
                sign=sign,  # type: ignore[arg-type]  # likewise
                size=size,
                **(ends if has_ends else {}),
            )
        )
        places.append(members)
    if chosen is not None and np.isfinite(across[0][chosen]) and np.isfinite(up[0][chosen]):
        marks.append(
            Dots(
                name="the one you look at",
                x=[float(across[0][chosen])],
                y=[float(up[0][chosen])],
                names=[names[chosen]],
                kind="harm",
                sign="square-open",
                size=18.0,
            )
        )
        places.append(np.array([chosen]))
    words = (
        f"One point a policy: {axes[0]} across, {axes[1]} up, both expected for one deployment. "
        f"{int(is_lit.sum())} of {len(names)} policies are lit, as filled signs; "
        f"{int((is_lit & is_not_beaten).sum())} of these, drawn as diamonds, are beaten by no "
        "other policy on all goals at once."
    )
    plot = Plot(
        title=title,
        words=words,
        across=Axis(axes[0], is_log=_is_wide(across[0])),
        up=Axis(axes[1], is_log=_is_wide(up[0])),
        marks=marks,
        height=480,
    )
    return plot, places


def _is_wide(values: Floats) -> bool:
    shown = values[np.isfinite(values)]
    return bool(len(shown) and shown.min() > 0 and shown.max() / shown.min() > DECADE)
