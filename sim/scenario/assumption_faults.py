"""What is wrong with the values that a scenario puts in place of the evidence register's.

State: none.
"""

import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from pydantic import ValidationError

from sim.evidence.register import Entry, register
from sim.scenario.beliefs import Beliefs, beliefs_of
from sim.scenario.faults import Marks, mark_of, suggestion
from sim.scenario.schema import Assumptions

_DIVIDED_BY = (  # a body, a speed or a time of nothing: there is no such walk, and no such look
    "walk.time_gap_s",
    "walk.*_range_m",
    "walk.body_radius_m",
    "walk.free_speed_m*",
    "walk.speed_factor_*",
    "walk.party_speed_mps",
    "walk.party_size_lambda",
    "crowd.height_*le_m",
    "crowd.height_child_m",
    "crowd.shoulder_*",
    "camera.*eye_distance*",
    "exposure.frequency_shape",
    "camera.*_half_loss_deg",
    "camera.gaze_yaw_time_s",
    "camera.*_width_m",
    "error_model.*.fmr_060",
    "matching.proneness_shape",
    "response.review_s",
    "response.officer_speed_mps",
)
_SHARES = ("*_share", "*.*_share_*", "*.fmr_060", "*.fnir_060")
STEPS_A_TIME_GAP = 2.0  # two people who face each other close the gap at twice the speed of one
_SPEEDS = ("walk.free_speed_min_mps", "walk.free_speed_mps", "walk.free_speed_max_mps")


def generic_names() -> set[str]:
    """Return names without their preset: ``error_model.fmr_060``."""
    return {
        f"{family}.{rest}"
        for family, _, rest in (name.split(".", 2) for name in register() if name.count(".") > 1)
    }


def assumption_faults(tree: Mapping[str, Any], *, origin: str, marks: Marks) -> list[str]:
    """Check a tree's overrides: known names, possible values, values inside some range.

    A value that is no number, or too large for one, is the schema's to report.
    """
    block = tree.get("assumptions")
    if not isinstance(block, dict) or not isinstance(block.get("values"), dict):
        return []
    known = {*register(), *generic_names()}
    faults = []
    for name, override in block["values"].items():
        mark = mark_of(("assumptions", "values", name), marks, origin=origin)
        where = f"{mark}: assumptions.values.{name}"
        if name not in known:
            near = suggestion(name, sorted(known))
            faults.append(f"{where}: not in the evidence register{near}")
        elif isinstance(override, dict) and all(
            isinstance(end, (int, float)) and abs(end) <= sys.float_info.max
            for end in (
                override.get("value"),
                *(0 if override.get(key) is None else override[key] for key in ("low", "high")),
            )
        ):
            registered = _registered(name, block)
            if registered is not None:
                faults += [f"{where}: {words}" for words in _value_faults(registered, override)]
    return faults


def together_faults(found: Beliefs, *, time_step_s: float) -> list[str]:
    """Return what is wrong with sound values side by side: speeds, and time step to time gap."""
    low, mean, high = (found.value(name) for name in _SPEEDS)
    faults = []
    if not low <= mean <= high:
        faults.append(
            f"assumptions.values.walk: the speed {_SPEEDS[1]} ({mean:g} m/s) must lie between "
            f"{_SPEEDS[0]} ({low:g} m/s) and {_SPEEDS[2]} ({high:g} m/s)"
        )
    gap = found.entry("walk.time_gap_s")
    shortest = min(gap.value, gap.low)
    if time_step_s > shortest / STEPS_A_TIME_GAP:
        faults.append(
            f"run.time_step_s: {time_step_s:g} s is more than half of walk.time_gap_s (down to "
            f"{shortest:g} s): two people who walk towards each other would close more than the "
            f"gap between them in one step; at most {shortest / STEPS_A_TIME_GAP:g} s"
        )
    return faults


def _registered(name: str, block: Mapping[str, Any]) -> Entry | None:
    """Return the register's entry under the block's presets, None where a preset is at fault."""
    presets = {key: block[key] for key in ("error_model", "demographic_preset") if key in block}
    try:
        return beliefs_of(Assumptions.model_validate(presets)).entry(name)
    except ValidationError:
        return None  # it has been reported


def _value_faults(registered: Entry, override: Mapping[str, Any]) -> list[str]:
    low = registered.low if override.get("low") is None else override["low"]
    high = registered.high if override.get("high") is None else override["high"]
    given = {
        key: override[key] for key in ("value", "low", "high") if override.get(key) is not None
    }
    impossible = [
        f"{key} {number:g} {words}"
        for key, number in given.items()
        if (words := _impossible(registered, number))
    ]
    if impossible:
        return impossible
    if low <= override["value"] <= high:
        return []
    return [
        f"value {override['value']:g} is outside {low:g} to {high:g}"
        f" ({registered.unit}); give low and high of your own if you mean it"
    ]


def _impossible(registered: Entry, number: float) -> str:
    """Say why a number cannot be, whatever range a scenario gives it; empty if it can."""
    if _is_one_of(registered.name, _DIVIDED_BY) and number <= 0:
        return f"({registered.unit}) is impossible: must be more than 0"
    if registered.low >= 0 > number:
        return f"({registered.unit}) is impossible: must be at least 0"
    if _is_one_of(registered.name, _SHARES) and number > 1:
        return "is impossible: a share is at most 1"
    return ""


def _is_one_of(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
