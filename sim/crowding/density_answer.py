"""What the Density page says and draws: parts of the table that ships, chosen by a reader.

State: none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim import columns as col
from sim.crowding.crowd_parts import rows_of
from sim.crowding.density import PolicyChoice
from sim.crowding.density_table import (
    ALL_SEEDS,
    CHANGE,
    FOUND,
    LOG_PART,
    NOT_HIDDEN,
    PARTS,
    SEEN_WELL,
    SHARE_PART,
)
from sim.errors import SimError
from sim.words.density import BY_ANGLE, EMPTY, HERE, REASONS, Part

PER = 10_000  # right matches that stops are counted for
RESTS_ON_FACES = (
    "calibration.exposure_s",
    "camera.gaze_yaw_sd_deg",
    "camera.min_eye_distance_px",
    "camera.pitch_half_loss_deg",
    "crowd.height_female_m",
    "crowd.height_male_m",
    "crowd.height_child_m",
    "crowd.phone_share",
    "walk.time_gap_s",
)
RESTS_ON_STOPS = (
    "matching.repeat_frame",
    "matching.genuine_frame_weight",
    "matching.listed_per_1000",
    "response.pursue_false_intercept",
    "response.pursue_false_slope",
    "response.pursue_true",
    "response.lost_in_crowd",
    "response.lost_reference_density_per_m2",
    "response.arrest_away_min",
)


@dataclass(frozen=True)
class DensityChoice:
    """What a reader has chosen."""

    height_m: float
    policy: PolicyChoice
    footfall_per_h: float


@dataclass(frozen=True)
class DensityAnswer:
    """The rows of the table that belong to a choice.

    faces  : one row a part of the crowd, measure and density, at the chosen height
    angles : the same at the chosen density, at every height
    stops  : one row a measure and density, of the chosen height and policy
    """

    choice: DensityChoice
    faces: pd.DataFrame
    angles: pd.DataFrame
    stops: pd.DataFrame

    def faces_of(self, parts: Mapping[Part, str], measure: str) -> dict[str, pd.DataFrame]:
        """Return the rows of each part by its name, by rising density."""
        return _by_name(self.faces, parts, measure, col.DENSITY)

    def angles_of(self, measure: str) -> dict[str, pd.DataFrame]:
        """Return the rows of women, men and children by rising angle, at the chosen density."""
        return _by_name(self.angles, BY_ANGLE, measure, col.DEPRESSION)

    def measure(self, name: str) -> pd.DataFrame:
        """Return the rows of a measure of stops, by rising density."""
        return self.stops[self.stops[col.MEASURE] == name].sort_values(col.DENSITY)

    def face(self, part: tuple[str, str], footfall_per_h: float) -> float:
        """Return the share of a part of the crowd that is seen well enough."""
        rows = rows_of(self.faces, *part)
        rows = rows[(rows[col.MEASURE] == SEEN_WELL) & (rows[col.FOOTFALL] == footfall_per_h)]
        return float(rows[col.ESTIMATE].iloc[0])

    def at(self, name: str, footfall_per_h: float) -> pd.Series:
        """Return the row of a measure of stops at a density."""
        rows = self.measure(name)
        return rows[rows[col.FOOTFALL] == footfall_per_h].iloc[0]

    @property
    def empty_per_h(self) -> float:
        """The lowest footfall, which the others are compared with."""
        return float(self.stops[col.FOOTFALL].min())

    def reasons(self) -> pd.DataFrame:
        """Return one row a reason, then the whole: by 100 mistaken stops in the empty street.

        Columns: reason, its words, estimate and the ends of both intervals, more or fewer.
        """
        rows = []
        for name in (*PARTS, CHANGE):
            found = self.at(SHARE_PART + name, self.choice.footfall_per_h)
            ends = (col.ESTIMATE, col.LUCK_LOW, col.LUCK_HIGH, col.UNKNOWN_LOW, col.UNKNOWN_HIGH)
            scaled = {end: 100 * float(found[end]) for end in ends}
            rows.append({col.REASON: name, col.WORDS: REASONS[name].name} | scaled)
        return pd.DataFrame(rows)

    def reasons_by_density(self) -> pd.DataFrame:
        """Return mistaken stops by 100 in the empty street, for as many right matches.

        One row a density; columns: density, 100, each reason, and what they add up to.
        """
        whole = self.measure(SHARE_PART + CHANGE)
        found = pd.DataFrame({col.DENSITY: whole[col.DENSITY].to_numpy(), EMPTY: 100.0})
        for name in PARTS:
            parts = self.measure(SHARE_PART + name)[col.ESTIMATE]
            found[REASONS[name].name] = 100 * parts.to_numpy(dtype=float)
        found[HERE] = 100 + 100 * whole[col.ESTIMATE].to_numpy(dtype=float)
        return found

    def largest_reason(self) -> str | None:
        """Return the reason with the largest part at the chosen density; None: hardly any change.

        A change is hardly any where its interval of luck holds none at all.
        """
        footfall = self.choice.footfall_per_h
        whole = self.at(LOG_PART + CHANGE, footfall)
        if not whole[col.LUCK_LOW] * whole[col.LUCK_HIGH] > 0:
            return None
        parts = {name: self.at(LOG_PART + name, footfall)[col.ESTIMATE] for name in PARTS}
        return max(parts, key=lambda name: abs(parts[name]))


def heights(rows: pd.DataFrame) -> dict[float, float]:
    """Return the cameras' heights, rising, with the angle at which they look down, deg."""
    found = rows[[col.CAMERA_HEIGHT, col.DEPRESSION]].drop_duplicates()
    found = found.sort_values(col.CAMERA_HEIGHT)
    return dict(zip(found[col.CAMERA_HEIGHT], found[col.DEPRESSION], strict=True))


def crowds(rows: pd.DataFrame) -> dict[float, float]:
    """Return the footfalls, rising, with the density that each made."""
    of_all = rows[rows[col.SEED] == ALL_SEEDS].drop_duplicates(col.FOOTFALL)
    of_all = of_all.sort_values(col.FOOTFALL)
    return dict(zip(of_all[col.FOOTFALL], of_all[col.DENSITY], strict=True))


def density_answer(rows: pd.DataFrame, choice: DensityChoice) -> DensityAnswer:
    """Return what belongs to a choice; ``SimError`` where the table does not have it."""
    of_all = rows[rows[col.SEED] == ALL_SEEDS]
    at_height = of_all[of_all[col.CAMERA_HEIGHT] == choice.height_m]
    stops = at_height[
        (at_height[col.ERROR_MODEL] == choice.policy.error_model)
        & (at_height[col.THRESHOLD] == choice.policy.threshold)
    ]
    is_crowd = of_all[col.FOOTFALL] == choice.footfall_per_h
    if stops.empty or not is_crowd.any():
        raise SimError(
            f"the density table has no cameras at {choice.height_m:g} m with threshold "
            f"{choice.policy.threshold:g} and {choice.footfall_per_h:,.0f} people an hour"
        )
    is_face = of_all[col.MEASURE].isin([SEEN_WELL, NOT_HIDDEN])
    return DensityAnswer(
        choice=choice,
        faces=at_height[at_height[col.MEASURE].isin([SEEN_WELL, NOT_HIDDEN])],
        angles=of_all[is_face & is_crowd],
        stops=stops,
    )


def stops_in_words(answer: DensityAnswer, footfall_per_h: float) -> tuple[float, float, float]:
    """Return stops for 10,000 right matches at a density: estimate, low and high of the unknown."""
    return _ends(answer.at(col.PER_TRUE_MATCH, footfall_per_h), PER)


def found_share(answer: DensityAnswer, footfall_per_h: float) -> tuple[float, float, float]:
    """Return of 100 right matches how many end in a stop: estimate, low and high."""
    return _ends(answer.at(FOUND, footfall_per_h), 100.0)


def _ends(row: pd.Series, per: float) -> tuple[float, float, float]:
    estimate, low, high = (
        per * float(row[name]) for name in (col.ESTIMATE, col.UNKNOWN_LOW, col.UNKNOWN_HIGH)
    )
    return estimate, low, high


def _by_name(
    rows: pd.DataFrame, parts: Mapping[Part, str], measure: str, by: str
) -> dict[str, pd.DataFrame]:
    of_measure = rows[rows[col.MEASURE] == measure]
    return {name: rows_of(of_measure, *part).sort_values(by) for part, name in parts.items()}
