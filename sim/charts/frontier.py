"""Policies as points, those that none beats marked: on the page by limits, in a file by objectives.

State: none.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.charts.plot import Axis, Dots, Kind, Panels, Plot, Sign, is_wide

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats, Floats]  # mean, low, high; one value a policy each
TITLE = "Policies that none beats"
LABELLED = 6


class _Group(NamedTuple):
    """Policies that are drawn alike; those of ``has_ends`` with their intervals."""

    label: str
    members: Bools
    has_ends: Bools
    kind: Kind
    sign: Sign
    size: float


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
    """Return the page's chart, and for each of its marks the policies that are its points.

    axes          : what lies across and what up, in words that hold the unit
    is_lit        : which policies keep the limits surely enough
    is_not_beaten : which no other policy beats on all goals; those that are lit have intervals
    """
    none, best = np.zeros_like(is_lit), is_lit & is_not_beaten
    ends = "keeps them, and none beats it; lines: 95 in 100 cases"
    marks, places = _marks(
        across,
        up,
        names,
        (
            _Group(
                "does not keep your limits surely enough",
                ~is_lit, none, "quiet", "circle-open", 6.0,
            ),
            _Group("keeps them", is_lit & ~is_not_beaten, none, "neutral", "circle", 8.0),
            _Group(ends, best, best, "benefit", "diamond", 11.0),
        ),
    )  # fmt: skip
    if chosen is not None and np.isfinite(across[0][chosen]) and np.isfinite(up[0][chosen]):
        here = [float(across[0][chosen])], [float(up[0][chosen])], [names[chosen]]
        marks.append(Dots("the one you look at", *here, kind="harm", sign="square-open", size=18.0))
        places.append(np.array([chosen]))
    words = (
        f"One point a policy: {axes[0]} across, {axes[1]} up, both expected for one deployment. "
        f"{int(is_lit.sum())} of {len(names)} policies are lit, as filled signs; "
        f"{int(best.sum())} of these, drawn as diamonds, are beaten by no "
        "other policy on all goals at once."
    )
    return _plot(title, words, axes, across, up, marks), places


def frontier_panels(
    policies: pd.DataFrame, objectives: Sequence[str], levers: Sequence[str]
) -> Panels:
    """Return the first objective against each other one, a panel each.

    policies : levers, objectives with ``_low`` and ``_high``, is_not_beaten, p_not_beaten

    Diamonds are beaten by none on the means; those likeliest to stay so have their numbers, which
    the lines below the panels spell out.
    """
    is_best = policies[col.IS_NOT_BEATEN].to_numpy(dtype=bool)
    best = policies[is_best].sort_values(col.P_NOT_BEATEN, ascending=False, kind="stable")
    named = best.head(LABELLED)
    is_named = policies.index.isin(named.index)
    groups = (
        _Group("beaten", ~is_best, np.zeros_like(is_best), "quiet", "circle", 5.0),
        _Group(
            "beaten by none, on average; lines: 95 % of draws",
            is_best, is_named, "benefit", "diamond-open", 8.0,
        ),
    )  # fmt: skip
    names = [str(place) for place in policies.index]
    labels = [name if is_shown else "" for name, is_shown in zip(names, is_named, strict=True)]
    up = objectives[0]
    plots = []
    for other in objectives[1:] or [up]:
        ends = _ends(policies, other), _ends(policies, up)
        marks, _ = _marks(*ends, names, groups, labels)
        plots.append(_plot(TITLE, "", (_words(other), _words(up)), *ends, marks))
    lines = [
        f"{place}  {_policy(row, levers)}: beaten by none in "
        f"{100 * row[col.P_NOT_BEATEN]:.0f} % of draws"
        for place, row in named.iterrows()
    ]
    return Panels(TITLE, plots, "\n".join(lines))


def _marks(
    across: Ends,
    up: Ends,
    names: Sequence[str],
    groups: Sequence[_Group],
    labels: Sequence[str] = (),
) -> tuple[list[Dots], list[NDArray[np.int64]]]:
    """Return a mark a group, where it has members, and the policies that are its points."""
    marks, places = [], []
    for group in groups:
        members = np.flatnonzero(group.members & np.isfinite(across[0]) & np.isfinite(up[0]))
        if not len(members):
            continue
        shown = np.where(group.has_ends, 1.0, np.nan)[members]
        low, high, left, right = (
            (values[members] * shown).tolist() if group.has_ends.any() else []
            for values in (*up[1:], *across[1:])
        )
        marks.append(
            Dots(
                group.label,
                across[0][members].tolist(),
                up[0][members].tolist(),
                [names[place] for place in members.tolist()],
                low, high, left, right, group.kind, group.sign, group.size,
                [labels[place] for place in members.tolist()] if labels else [],
            )
        )  # fmt: skip
        places.append(members)
    return marks, places


def _plot(
    title: str, words: str, axes: tuple[str, str], across: Ends, up: Ends, marks: Sequence[Dots]
) -> Plot:
    return Plot(
        title=title,
        words=words,
        across=Axis(axes[0], is_log=is_wide(across[0])),
        up=Axis(axes[1], is_log=is_wide(up[0])),
        marks=marks,
        height=480,
    )


def _ends(policies: pd.DataFrame, name: str) -> Ends:
    mean, low, high = (
        policies[column].to_numpy(dtype=np.float64)
        for column in (name, f"{name}_{col.LOW}", f"{name}_{col.HIGH}")
    )
    return mean, low, high


def _words(outcome: str) -> str:
    about = col.TABLE_COLUMNS.get(outcome)
    unit = f" ({about.unit})" if about is not None and about.unit not in {"", "1", "event"} else ""
    return f"{outcome.replace('_', ' ')}{unit}"


def _policy(row: pd.Series, levers: Sequence[str]) -> str:
    return ", ".join(f"{name.removeprefix('policy.')} {row[name]}" for name in levers)
