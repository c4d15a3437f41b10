"""The answer of a capture study as one JSON object; docs/howto/read-the-capture-table.md.

State: none.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from sim import __version__
from sim import columns as col
from sim.analysis.captured import Estimate, difference_of_shares
from sim.answer.report import entry_json
from sim.crowding.camera_settings import BAND_M, Setting
from sim.crowding.capture import CAPTURED, CLEAR, MEASURES, CaptureStudy
from sim.crowding.crowd_parts import ADULT, WHO, rows_of
from sim.scenario.beliefs import beliefs
from sim.scenario.identity import scenario_hash
from sim.storage.json_values import json_value

RESTS_ON = (  # entries that are guesses and move the result most
    "camera.face_drop_m",
    "camera.shoulder_drop_m",
    "camera.face_width_m",
    "crowd.height_child_m",
    "crowd.shoulder_child_m",
    "crowd.phone_share",
    "crowd.face_covered_share",
    "camera.gaze_yaw_sd_deg",
)
_tidy = partial(json_value, digits=6)  # as many as mean anything


def capture_answer(study: CaptureStudy) -> dict[str, Any]:
    """Return the one object of ``capture --json``; docs/howto/read-the-capture-table.md."""
    scenario = study.scenario
    believed = beliefs(scenario)
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "hash": scenario_hash(scenario),
        "seed": scenario.run.seed,
        "version": __version__,
        "interval_level": study.level,
        "people_asked": study.people,
        "zone_m2": _tidy(study.zone_m2),
        "band_m": BAND_M,
        "reference_exposure_s": _tidy(believed.value("calibration.exposure_s")),
        "settings": [_setting(study, setting) for setting in study.settings],
        "not_reached": [
            {
                "density_per_m2": one.asked_per_m2,
                "why": one.why,
                "is_filled": one.asked_per_m2 in set(study.table[col.DENSITY_ASKED]),
                "standing": _standing_at(study, one.asked_per_m2),
            }
            for one in study.not_reached
        ],
        "assumptions": [entry_json(believed.entry(name)) for name in RESTS_ON],
    }


def _setting(study: CaptureStudy, setting: Setting) -> dict[str, Any]:
    table = study.table[study.table[col.SETTING] == setting.name]
    rows = []
    for _, at_density in table.groupby(col.DENSITY_ASKED, sort=True):
        first = at_density.iloc[0]
        rows.append(
            {
                "density_asked_per_m2": _tidy(first[col.DENSITY_ASKED]),
                "density_per_m2": _tidy(first[col.DENSITY]),
                "footfall_per_h": _tidy(first[col.FOOTFALL]),
                "is_steady": bool(first[col.IS_STEADY]),
                "groups": [_group(at_density, sex, band) for sex, band in WHO],
            }
        )
    return {
        "name": setting.name,
        "height_m": setting.height_m,
        "distance_m": setting.distance_m,
        "cameras": [
            {
                "name": c.name,
                "height_m": c.height_m,
                "tilt_deg": _tidy(c.tilt_deg),
                "near_m": c.near_m,
                "far_m": c.far_m,
            }
            for c in setting.cameras
        ],
        "rows": rows,
        "women_minus_men": _women_minus_men(rows[-1]) if rows else None,
    }


def _group(table: pd.DataFrame, sex: str, band: str) -> dict[str, Any]:
    part = rows_of(table, sex, band)
    found: dict[str, Any] = {
        "sex": sex,
        "age_band": band,
        "people": int(part[col.PEOPLE].iloc[0]),
    }
    for measure in MEASURES:
        row = part[part[col.MEASURE] == measure].iloc[0]
        found[measure] = _tidy({name: row[name] for name in (col.ESTIMATE, col.LOW, col.HIGH)})
    standing = part.loc[part[col.MEASURE] == CLEAR, col.STANDING].iloc[0]
    found["clear"]["standing"] = _tidy(standing)
    return found


def _women_minus_men(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the difference at the densest crowd that was reached, for both kinds of share."""
    by_part = {(group["sex"], group["age_band"]): group for group in row["groups"]}
    women, men = by_part["female", ADULT], by_part["male", ADULT]
    found: dict[str, Any] = {"density_per_m2": row["density_per_m2"]}
    for measure in (CAPTURED, CLEAR):
        difference = difference_of_shares(_ends(women[measure]), _ends(men[measure]))
        found[measure] = _tidy(
            dict(zip((col.ESTIMATE, col.LOW, col.HIGH), difference, strict=True))
        )
    return found


def _ends(share: Mapping[str, float | None]) -> Estimate:
    estimate, low, high = (
        np.nan if share[name] is None else float(share[name] or 0.0)
        for name in ("estimate", "low", "high")
    )
    return estimate, low, high


def _standing_at(study: CaptureStudy, density: float) -> list[dict[str, Any]]:
    table = study.standing[study.standing[col.DENSITY] == density]
    return [
        {
            "setting": row[col.SETTING],
            "sex": row[col.SEX],
            "age_band": row[col.AGE_BAND],
            "clear": _tidy(row[col.STANDING]),
        }
        for row in table.to_dict("records")
    ]
