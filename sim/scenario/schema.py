"""The scenario: what is asked, as frozen, strict sections with units in every name.

Four blocks: ``street`` (where people walk, how many, who they are), ``policy`` (what the force
chooses), ``assumptions`` (what is believed about matcher, people and officers) and ``run`` (how
it is computed). ``recorded`` holds what happened that day, where the world has an answer.

Axes: x east, y north, in metres; headings clockwise from north (grid north of the place).
"""

from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.groups import AGE_BANDS, ETHNICITIES, GROUP_COUNT, SEXES, group_index, product_shares
from sim.quantities import Degrees, HourOfDay, Hours, Metres, People, Point, Probability, Years

SCHEMA_VERSION = 1
SHARE_TOLERANCE = 1e-6
CALIBRATED_THRESHOLDS = (0.56, 0.64)

Sex = Literal["female", "male"]
Ethnicity = Literal["white", "black", "asian", "mixed", "other"]
AgeBand = Literal["child", "young", "middle", "older"]
ErrorModel = Literal["npl-2023", "met-street", "trials-2016-2019"]
DemographicPreset = Literal["flat", "mugshot-2020", "frte-median", "low-differential"]
Profile = Literal["weekday", "weekend", "flat"]
Locomotion = Literal["collision-free-speed", "anticipation"]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class Section(BaseModel):
    """A block of a scenario: frozen, no unknown fields, no silent conversions, no NaN."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, protected_namespaces=()
    )


class Door(Section):
    """A line through which people come in or go out, lying on the edge of the walkable ground."""

    name: Name
    from_m: Point = Field(description="one end of the line, x and y")
    to_m: Point = Field(description="other end of the line, x and y")

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.from_m == self.to_m:
            raise ValueError(f"door '{self.name}' has no length: from_m equals to_m")
        return self


class Flow(Section):
    """The share of all arrivals that walk from one door to another."""

    entrance: Name
    exit: Name
    share: Probability


class Footfall(Section):
    """How many people walk past, anchored to a count in a window of the day."""

    people: People = Field(description="mean number who would walk past in the counted window")
    counted_from_hour: HourOfDay = Field(description="start of the window, hour of the day")
    counted_hours: Hours = Field(ge=0.01, description="length of the window")
    profile: Profile = Field(
        default="weekday", description="shape of the day, from counts in a real street"
    )


class Composition(Section):
    """Who a crowd or a watchlist is made of: shares by sex, ethnicity and age band.

    The joint distribution is the product of the three, unless ``joint`` gives it outright.
    """

    sex: dict[Sex, Probability]
    ethnicity: dict[Ethnicity, Probability]
    age_band: dict[AgeBand, Probability]
    joint: tuple["GroupShare", ...] = ()

    @model_validator(mode="after")
    def _shares_add_to_one(self) -> Self:
        faults = []
        for field, labels in (("sex", SEXES), ("ethnicity", ETHNICITIES), ("age_band", AGE_BANDS)):
            shares = getattr(self, field)
            missing = [label for label in labels if label not in shares]
            if missing:
                faults.append(f"{field} lacks {', '.join(missing)} (write 0.0 for none)")
            elif abs(sum(shares.values()) - 1) > SHARE_TOLERANCE:
                faults.append(f"{field} shares add to {sum(shares.values()):g}, not to 1")
        total = sum(row.share for row in self.joint)
        if self.joint and abs(total - 1) > SHARE_TOLERANCE:
            faults.append(f"joint shares add to {total:g}, not to 1")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def shares(self) -> NDArray[np.float64]:
        """Return the share of each group, ``(40,)``, adding to 1."""
        if not self.joint:
            return product_shares(self.sex, self.ethnicity, self.age_band)
        shares = np.zeros(GROUP_COUNT)
        for row in self.joint:
            shares[group_index(row.sex, row.ethnicity, row.age_band)] += row.share
        return shares


class GroupShare(Section):
    """One cell of a joint distribution."""

    sex: Sex
    ethnicity: Ethnicity
    age_band: AgeBand
    share: Probability


class Street(Section):
    """Where people walk, how many come and who they are."""

    place: Name = Field(description="what the place is, in a few words")
    walkable_m: tuple[Point, ...] = Field(
        min_length=3, description="outline of the walkable ground, corner by corner"
    )
    holes_m: tuple[tuple[Point, ...], ...] = Field(
        default=(), description="outlines of what stands inside it: kiosks, planters, islands"
    )
    entrances: tuple[Door, ...] = Field(min_length=1)
    exits: tuple[Door, ...] = Field(min_length=1)
    flows: tuple[Flow, ...] = Field(min_length=1, description="who walks from where to where")
    footfall: Footfall
    crowd: Composition

    @model_validator(mode="after")
    def _flows_join_doors(self) -> Self:
        faults = []
        doors = {
            "entrance": [door.name for door in self.entrances],
            "exit": [door.name for door in self.exits],
        }
        for kind, names in doors.items():
            faults += [
                f"two {kind}s are called '{name}'"
                for name in sorted({name for name in names if names.count(name) > 1})
            ]
            faults += [
                f"flows name the {kind} '{getattr(flow, kind)}', which is not among "
                f"{', '.join(names)}"
                for flow in self.flows
                if getattr(flow, kind) not in names
            ]
        total = sum(flow.share for flow in self.flows)
        if abs(total - 1) > SHARE_TOLERANCE:
            faults.append(f"flow shares add to {total:g}, not to 1")
        if faults:
            raise ValueError("; ".join(faults))
        return self


class Camera(Section):
    """One camera: where it stands, where it looks and what it resolves."""

    name: Name
    position_m: Point
    height_m: Metres = Field(le=30, description="lens above the ground")
    heading_deg: Degrees = Field(description="clockwise from north: 90 looks along +x")
    tilt_deg: Annotated[float, Field(ge=0, lt=90, json_schema_extra={"unit": "deg"})] = Field(
        description="optical axis below the horizontal"
    )
    field_of_view_deg: Annotated[float, Field(gt=0, lt=170, json_schema_extra={"unit": "deg"})] = (
        Field(description="horizontal field of view")
    )
    width_px: Annotated[int, Field(ge=160, le=20000, json_schema_extra={"unit": "px"})] = 3840
    height_px: Annotated[int, Field(ge=120, le=20000, json_schema_extra={"unit": "px"})] = 2160
    frames_per_s: Annotated[float, Field(gt=0, le=60, json_schema_extra={"unit": "1/s"})] = 5.0
    near_m: Metres = Field(description="closest usable face, along the ground")
    far_m: Metres = Field(description="furthest usable face, along the ground")
    capacity_faces_per_s: (
        Annotated[float, Field(gt=0, json_schema_extra={"unit": "1/s"})] | None
    ) = Field(default=None, description="faces the system can take a second; null: no limit")

    @model_validator(mode="after")
    def _near_is_nearer(self) -> Self:
        if self.near_m >= self.far_m:
            raise ValueError(
                f"near_m ({self.near_m:g} m) must be less than far_m ({self.far_m:g} m)"
            )
        return self


class Watchlist(Section):
    """How many people are looked for and who they are."""

    size: Annotated[int, Field(ge=0, le=100_000_000, json_schema_extra={"unit": "person"})]
    composition: Composition = Field(description="shares among the people on the list")
    photo_age_years: Years = Field(default=0.0, description="mean age of the photographs")


class Policy(Section):
    """What the force chooses."""

    start_hour: HourOfDay = Field(description="hour of the day at which the cameras start")
    hours: Hours = Field(description="how long the cameras run")
    cameras: tuple[Camera, ...] = Field(description="none: nobody is scanned")
    signs: bool = Field(default=True, description="signs announce the zone; some people avoid it")
    avoid_area_m: tuple[Point, ...] = Field(
        default=(),
        description="outline of the ground that whoever avoids the zone keeps off, by a detour "
        "where there is one; none: who avoids it does not come into the street",
    )
    watchlist: Watchlist
    threshold: Probability = Field(description="alert when score >= threshold")
    operators: Annotated[int, Field(ge=0, le=200, json_schema_extra={"unit": "person"})] = Field(
        description="people who look at alerts"
    )
    officers: Annotated[int, Field(ge=0, le=500, json_schema_extra={"unit": "person"})] = Field(
        description="people who can go after somebody"
    )
    officer_posts_m: tuple[Point, ...] = Field(
        default=(), description="where officers stand; none: beside the cameras"
    )

    @model_validator(mode="after")
    def _camera_names_differ(self) -> Self:
        names = [camera.name for camera in self.cameras]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two cameras are called {', '.join(twice)}")
        return self


class Override(Section):
    """A scenario's own value for an entry of the evidence register.

    The register's source stays attached; ``why`` says why this place differs.
    """

    value: float
    low: float | None = Field(default=None, description="none: the register's low end")
    high: float | None = Field(default=None, description="none: the register's high end")
    why: str = Field(min_length=3, description="the reason, or the source, of this value")

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError(f"value {self.value:g} is not between low {low:g} and high {high:g}")
        return self


class Assumptions(Section):
    """What is believed: named presets, and values that replace entries of the register."""

    error_model: ErrorModel = Field(
        default="met-street", description="which measurements the false match rate rests on"
    )
    demographic_preset: DemographicPreset = Field(
        default="frte-median", description="how false matches differ between groups"
    )
    locomotion: Locomotion = Field(
        default="collision-free-speed",
        description="how people keep clear of each other; anticipation is for two-way crowds",
    )
    values: dict[str, Override] = Field(
        default_factory=dict, description="entries of the evidence register, by name"
    )


class Run(Section):
    """How the answer is computed."""

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    draws: Annotated[int, Field(ge=10, le=100_000)] | None = Field(
        default=None, description="shifts played for the story; null: as many as precision needs"
    )
    assumption_draws: Annotated[int, Field(ge=20, le=10_000)] = Field(
        default=200, description="Latin hypercube draws over the assumptions' ranges"
    )
    time_step_s: Annotated[float, Field(gt=0, le=0.1, json_schema_extra={"unit": "s"})] = 0.05
    interval_level: Annotated[float, Field(ge=0.5, le=0.99)] = 0.95


class Recorded(Section):
    """What was recorded that day, to be shown beside the result; null: not published."""

    source: str = Field(min_length=3)
    deployments: Annotated[int, Field(ge=1)] = Field(
        default=1, description="how many deployments the counts cover; the scenario is one of them"
    )
    faces_seen: Annotated[int, Field(ge=0)] | None = None
    alerts: Annotated[int, Field(ge=0)] | None = None
    true_alerts: Annotated[int, Field(ge=0)] | None = None
    false_alerts: Annotated[int, Field(ge=0)] | None = None
    mistaken_stops: Annotated[int, Field(ge=0)] | None = None
    correct_stops: Annotated[int, Field(ge=0)] | None = None
    arrests: Annotated[int, Field(ge=0)] | None = None
    note: str = ""


class Scenario(Section):
    """One question, whole: where, what is chosen, what is believed, how it is computed.

    Frozen: ``load_scenario`` makes one, its ``settings`` another.

    >>> from sim import load_scenario
    >>> load_scenario("high_street").policy.officers
    8
    """

    schema_version: Literal[1]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,60}$")]
    title: Annotated[str, Field(min_length=3, max_length=120)]
    purpose: str = Field(min_length=3, description="what the scenario is for, in a sentence or two")
    street: Street
    policy: Policy
    assumptions: Assumptions = Assumptions()
    run: Run = Run()
    recorded: Recorded | None = None
