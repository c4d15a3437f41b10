"""How far results that were computed again lie from those that were stored, and why, probably.

Two numbers agree if they are equal, both missing, or within the tolerance: a share of the larger
one. Drift is whatever does not agree: numbers, rows, whether a row failed.

State: none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col

ROUNDING = 1e-9  # relative; what another processor or library may do to the same sums
NOT_COMPARED = frozenset({col.REASON})  # its words may name a machine


@dataclass(frozen=True, slots=True)
class Moved:
    """A column whose values have moved.

    rows, of         : how many of how many
    largest          : largest difference; nan: no moved row has a number on both sides
    largest_relative : largest difference over the larger of the two; nan likewise
    gone, come       : rows whose number is missing now, and rows that had none
    example          : where the largest lies, and both values, in words
    """

    name: str
    rows: int
    of: int
    largest: float
    largest_relative: float
    gone: int
    come: int
    example: str


def moved_columns(
    stored: pd.DataFrame, again: pd.DataFrame, *, keys: Sequence[str], tolerance: float
) -> list[Moved]:
    """Return what has moved between two tables of the same rows.

    keys : columns that name a row, for the example; the tables are in the same order of them
    """
    found = []
    for name in again.columns:
        if name in keys or name in NOT_COMPARED or name not in stored.columns:
            continue
        moved = moved_values(stored[name], again[name], tolerance=tolerance)
        if moved.any():
            found.append(_moved(name, stored, again, moved, keys))
    return found


def moved_values(stored: pd.Series, again: pd.Series, *, tolerance: float) -> NDArray[np.bool_]:
    """Return which values do not agree, ``(rows,)``."""
    if not (_is_number(stored) and _is_number(again)):
        differ = stored.astype(object).to_numpy() != again.astype(object).to_numpy()
        both_missing = stored.isna().to_numpy() & again.isna().to_numpy()
        return np.asarray(differ & ~both_missing, dtype=np.bool_)
    old, new = _numbers(stored), _numbers(again)
    with np.errstate(invalid="ignore"):  # inf - inf: equal, and seen before
        near = np.abs(old - new) <= tolerance * np.maximum(np.abs(old), np.abs(new))
    near &= np.isfinite(old) & np.isfinite(new)
    return np.asarray(~((old == new) | (np.isnan(old) & np.isnan(new)) | near), dtype=np.bool_)


def likely_causes(
    then: Mapping[str, Any], now: Mapping[str, Any], moved: Sequence[Moved], *, is_edited: bool
) -> list[str]:
    """Return why the numbers have moved, the most likely first, as sentences.

    then, now : of the manifest and of this process: passerby, commit, python, platform, packages
    is_edited : the stored table is not the one that its manifest names
    """
    causes = differences(then, now)
    if then["commit"] == now["commit"] and str(now["commit"]).endswith("-dirty"):
        causes.append(
            "the program's source: changed since its commit, then and now, perhaps differently"
        )
    if is_edited:
        causes.insert(
            0,
            "the stored table is not the one that its manifest names: somebody changed it after "
            "the run",
        )
    relative = [m.largest_relative for m in moved if not np.isnan(m.largest_relative)]
    if (
        causes
        and relative
        and max(relative) < ROUNDING
        and not any(m.gone or m.come for m in moved)
    ):
        causes.insert(
            0, f"rounding: all differences are below {ROUNDING:g} of the value (--tolerance)"
        )
    if not causes:
        causes.append(
            "nothing that is recorded differs: the stored numbers were changed after the run, or "
            "the run does not repeat itself, which would be a fault of ours; please report it"
        )
    return causes


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what a run and this process do not have in common, as sentences.

    then, now : passerby, commit, python, platform, packages
    """
    found = []
    if then["passerby"] != now["passerby"]:
        found.append(
            f"the model: passerby {then['passerby']} then, {now['passerby']} now; the changelog "
            "says which numbers changed"
        )
    if then["commit"] != now["commit"]:
        found.append(
            f"the program's source: {_commit(then['commit'])} then, {_commit(now['commit'])} now"
        )
    packages = differing_packages(then["packages"], now["packages"])
    if packages:
        found.append(f"packages: {'; '.join(packages)}")
    found += [
        f"{called}: {then[key]} then, {now[key]} now"
        for key, called in (("python", "Python"), ("platform", "the machine"))
        if then[key] != now[key]
    ]
    return found


def differing_packages(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return each package that has another version, or is there on one side only, in words."""
    return [
        f"{name} {then.get(name, 'absent')} then, {now.get(name, 'absent')} now"
        for name in sorted({*then, *now}, key=str.lower)
        if then.get(name) != now.get(name)
    ]


def _moved(
    name: str,
    stored: pd.DataFrame,
    again: pd.DataFrame,
    moved: NDArray[np.bool_],
    keys: Sequence[str],
) -> Moved:
    rows = np.flatnonzero(moved)
    worst, largest, relative, gone, come = int(rows[0]), np.nan, np.nan, 0, 0
    if _is_number(stored[name]) and _is_number(again[name]):
        old, new = _numbers(stored[name])[rows], _numbers(again[name])[rows]
        gone = int((~np.isnan(old) & np.isnan(new)).sum())
        come = int((np.isnan(old) & ~np.isnan(new)).sum())
        with np.errstate(invalid="ignore"):  # a missing value on one side
            apart = np.abs(old - new)
            share = np.where(np.isinf(apart), np.inf, apart / np.maximum(np.abs(old), np.abs(new)))
        if not np.isnan(apart).all():
            worst = int(rows[np.nanargmax(apart)])
            largest, relative = float(np.nanmax(apart)), float(np.nanmax(share))
    where = ", ".join(f"{key} {stored[key].iloc[worst]}" for key in keys)
    values = f"{stored[name].iloc[worst]} then, {again[name].iloc[worst]} now"
    return Moved(
        name=name,
        rows=len(rows),
        of=len(moved),
        largest=largest,
        largest_relative=relative,
        gone=gone,
        come=come,
        example=f"{where}: {values}" if where else values,
    )


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _commit(said: str | None) -> str:
    return (
        "not known" if said is None else f"commit {said[:12]}{'-dirty' * said.endswith('-dirty')}"
    )
