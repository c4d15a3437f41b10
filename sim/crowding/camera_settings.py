"""How the cameras of a capture study hang: the scenario's own way, and other heights and distances.

A *setting* is one way: all cameras of the scenario, moved to one height, looking at their own
range or at a band about one distance. The zone in which density is measured is that of the
scenario's own cameras in every setting, so that settings are compared on the same people.

State: none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, degrees, isfinite, radians, tan

import shapely

from sim.errors import SimError
from sim.model.street import MOST_PEOPLE_PER_M2
from sim.scenario.beliefs import Beliefs
from sim.scenario.place.ground import ground_in_view, walkable_polygon
from sim.scenario.schema import Camera, Scenario

HEIGHTS_M = (2.5, 5.0)  # beside the scenario's own: a shop front, a lamp post
DENSITIES_PER_M2 = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
BAND_M = 1.0  # a distance d stands for d - 1 m to d + 1 m: a second of walking each way
HIGHEST_M, FURTHEST_M = 30.0, 100.0
MOST_SETTINGS = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to hang the cameras.

    height_m   : of all cameras, or None where the scenario's cameras hang at different heights
    distance_m : looked at, ``BAND_M`` either way; None: each camera's own range
    """

    name: str
    height_m: float | None
    distance_m: float | None
    cameras: tuple[Camera, ...]


def settings_of(
    scenario: Scenario,
    beliefs: Beliefs,
    *,
    heights_m: Sequence[float] | None = None,
    distances_m: Sequence[float] | None = None,
) -> tuple[Setting, ...]:
    """Return the scenario's own setting first, then each height at each distance.

    heights_m   : none: those of ``HEIGHTS_M``, or the scenario's own where distances are given
    distances_m : none: each camera's own range
    """
    cameras = scenario.policy.cameras
    if not cameras:
        raise SimError(
            f"{scenario.name}: policy.cameras is empty; capture needs at least one camera"
        )
    _check(heights_m, "--heights", 0.0, HIGHEST_M)
    _check(distances_m, "--distances", BAND_M, FURTHEST_M)
    own = {camera.height_m for camera in cameras}
    own_height = own.pop() if len(own) == 1 else None
    found = [
        Setting(
            "as set" if own_height is None else f"as set, {own_height:g} m",
            own_height,
            None,
            cameras,
        )
    ]
    heights: Sequence[float | None]
    distances: Sequence[float | None] = [None] if distances_m is None else distances_m
    if heights_m is None:
        heights = HEIGHTS_M if distances_m is None else [own_height]
    else:
        heights = heights_m
    face = mean_face_height_m(scenario, beliefs)
    for height in heights:
        for distance in distances:
            if distance is None and height == own_height:
                continue  # that is the scenario's own
            words = ["own height" if height is None else f"{height:g} m"]
            words += [] if distance is None else [f"{distance:g} m away"]
            moved = tuple(_moved(camera, height, distance, face) for camera in cameras)
            found.append(Setting(", ".join(words), height, distance, moved))
    if len(found) > MOST_SETTINGS:
        raise SimError(
            f"--heights and --distances make {len(found) - 1} settings; at most "
            f"{MOST_SETTINGS - 1} beside the scenario's own"
        )
    return tuple(found)


def checked_densities(densities_per_m2: Sequence[float] | None) -> tuple[float, ...]:
    """Return the densities asked for, each once, rising; by default ``DENSITIES_PER_M2``."""
    if densities_per_m2 is None:
        return DENSITIES_PER_M2
    for density in densities_per_m2:
        if not 0 < density < MOST_PEOPLE_PER_M2:
            raise SimError(
                f"--densities {density:g}: must be above 0 and below {MOST_PEOPLE_PER_M2:g} people "
                "a square metre, where bodies touch"
            )
    if not densities_per_m2:
        raise SimError("--densities: needs at least one density, such as 0.5,1,2")
    return tuple(sorted(set(densities_per_m2)))


def numbers(text: str, option: str) -> tuple[float, ...]:
    """Return the numbers in ``2.5,3.2,5``; the option's name is for the message."""
    found = []
    for part in text.split(","):
        try:
            value = float(part)
        except ValueError:
            raise SimError(
                f"{option} {text}: '{part.strip()}' is not a number; write 2.5,3.2,5"
            ) from None
        if not isfinite(value):
            raise SimError(f"{option} {text}: '{part.strip()}' is not a finite number")
        found.append(value)
    return tuple(found)


def mean_face_height_m(scenario: Scenario, beliefs: Beliefs) -> float:
    """Return the mean height of the faces of the scenario's adults, which cameras are aimed at."""
    sex = scenario.street.crowd.sex
    crown = (
        sex["male"] * beliefs.value("crowd.height_male_m")
        + sex["female"] * beliefs.value("crowd.height_female_m")
    ) / (sex["male"] + sex["female"])
    return crown - beliefs.value("camera.face_drop_m")


def camera_zone(scenario: Scenario) -> shapely.Geometry:
    """Return the walkable ground that the scenario's own cameras look at, near to far."""
    wedges = [ground_in_view(camera) for camera in scenario.policy.cameras]
    zone = shapely.intersection(shapely.union_all(wedges), walkable_polygon(scenario.street))
    if zone.area == 0:
        raise SimError(f"{scenario.name}: no camera looks at walkable ground")
    return zone


def _check(values: Sequence[float] | None, option: str, above: float, most: float) -> None:
    if values is None:
        return
    if not values:
        raise SimError(f"{option}: needs at least one number, such as 5")
    for value in values:
        if not above < value <= most:
            raise SimError(f"{option} {value:g}: must be above {above:g} and at most {most:g} m")


def _moved(camera: Camera, height: float | None, distance: float | None, face: float) -> Camera:
    """Return the camera at another height, tilted so that it still looks at faces there.

    Its axis meets the faces at ``distance``, or where it met them before.
    """
    here = camera.height_m if height is None else height
    aim = distance
    if aim is None and camera.tilt_deg > 0 and camera.height_m > face:
        aim = (camera.height_m - face) / tan(radians(camera.tilt_deg))
    change: dict[str, float] = {"height_m": here}
    if aim is not None:
        change["tilt_deg"] = max(0.0, degrees(atan((here - face) / aim)))
    if distance is not None:
        change |= {"near_m": distance - BAND_M, "far_m": distance + BAND_M}
    return camera.model_copy(update=change)
