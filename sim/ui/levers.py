"""The levers of the first page: what each changes, in plain words, with its range and its source.

A lever reads its value from a scenario's plain tree and writes it back; the tree becomes a
scenario through the same reader as a file. Nothing here decides a number.

State: none.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from sim.evidence.register import register
from sim.scenario.schema import Scenario

Tree = dict[str, Any]
Kind = Literal["choice", "number", "switch"]


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever.

    field    : of the scenario, or a name of its own where it changes several
    label    : what the reader sees
    help     : what it does, its range, its source
    choices  : values and their labels, for a choice
    low, high, step, unit, format : for a number
    is_walk  : the street has to be walked anew
    is_first : shown at once, else under "more"
    rests_on : entries of the register, for the evidence page; empty: a guess
    source   : where the choices come from, in plain words, where no entry says it
    """

    field: str
    label: str
    help: str
    kind: Kind
    is_walk: bool
    is_first: bool = True
    choices: Mapping[Any, str] | None = None
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0
    unit: str = ""
    rests_on: Sequence[str] = ()
    source: str = ""
    read: Callable[[Tree], Any] | None = None
    write: Callable[[Tree, Any], None] | None = None

    @property
    def is_guess(self) -> bool:
        """Whether nothing but guesses stands behind it: no entry and no source, or guesses only."""
        grades = {register()[name].grade for name in self.entries}
        return grades == {"assumption"} or not (grades or self.source)

    @property
    def entries(self) -> list[str]:
        """Names in the register; that of a preset's entry stands for its family."""
        found = []
        for name in self.rests_on:
            family, _, rest = name.partition(".")
            found += [
                known
                for known in register()
                if known == name or (known.startswith(f"{family}.") and known.endswith(f".{rest}"))
            ]
        return list(dict.fromkeys(found))

    @property
    def range(self) -> str:
        """What it can be set to, in words."""
        if self.kind == "switch":
            return "yes or no"
        if self.kind == "choice":
            return "; ".join((self.choices or {}).values())
        return f"{self.low:,g} to {self.high:,g} {self.unit}"

    def value(self, tree: Tree) -> Any:
        """Return the lever's value in a scenario's tree."""
        return self.read(tree) if self.read else _at(tree, self.field)

    def apply(self, tree: Tree, value: Any) -> None:
        """Change a scenario's tree in place."""
        if self.write:
            self.write(tree, value)
        else:
            *path, last = self.field.split(".")
            _at(tree, ".".join(path))[last] = value


def _at(tree: Tree, field: str) -> Any:
    found: Any = tree
    for part in field.split("."):
        found = found[part]
    return found


CROWDS = {0.5: "half as many people", 1.0: "as many as usual", 1.5: "half as many again"}
HEIGHTS = {2.5: "2.5 m, a shop front", 3.0: "3 m, a van or a mast", 5.0: "5 m, a lamp post"}
THRESHOLDS = {
    0.58: "0.58",
    0.60: "0.60, used until 2022",
    0.62: "0.62",
    0.64: "0.64, used by London since 2023",
    0.66: "0.66",
}
PHOTO_AGES = {0.0: "new", 3.0: "3 years", 7.0: "7 years", 15.0: "15 years"}
ERROR_MODELS = {
    "met-street": "fitted to London's streets, 2023-24",
    "npl-2023": "bench test with volunteers, 2023",
    "trials-2016-2019": "early trials, older matcher",
}
GROUP_DIFFERENCES = {
    "frte-median": "the median of many matchers",
    "mugshot-2020": "a matcher on police photographs, 2020",
    "low-differential": "one of the most even matchers",
    "flat": "none at all",
}


def _read_height(tree: Tree) -> float:
    cameras = tree["policy"]["cameras"]
    return float(cameras[0]["height_m"]) if cameras else 3.0


def _write_height(tree: Tree, value: float) -> None:
    for camera in tree["policy"]["cameras"]:
        camera["height_m"] = value


def _write_cameras(tree: Tree, value: int) -> None:
    """Keep the first cameras; the levers add none that the place does not know."""
    tree["policy"]["cameras"] = tree["policy"]["cameras"][:value]


def crowd_lever(base: Scenario) -> Lever:
    """Return the lever of how many people come, by what is usual for the place."""
    usual = base.street.footfall.people

    def read(tree: Tree) -> float:
        ratio = float(tree["street"]["footfall"]["people"]) / usual
        return min(CROWDS, key=lambda share: abs(share - ratio))

    def write(tree: Tree, value: float) -> None:
        tree["street"]["footfall"]["people"] = usual * value

    return Lever(
        field="street.footfall.people",
        label="Crowd",
        help="How many people walk past, by what is usual for this place. A denser crowd hides "
        "faces, shorter people's first, and keeps operators busier.",
        kind="choice",
        is_walk=True,
        choices=CROWDS,
        rests_on=("arrivals.hourly_cv",),
        read=read,
        write=write,
    )


def levers_of(base: Scenario, lists: Mapping[str, Any]) -> tuple[Lever, ...]:
    """Return the levers of a place.

    lists : name of a make-up of the list -> composition as plain data; the place's own is first
    """
    own = next(iter(lists))

    def read_list(tree: Tree) -> str:
        chosen = tree["policy"]["watchlist"]["composition"]
        return next((name for name, made_up in lists.items() if made_up == chosen), own)

    def write_list(tree: Tree, value: str) -> None:
        tree["policy"]["watchlist"]["composition"] = deepcopy(lists[value])

    cameras = len(base.policy.cameras)
    found = [
        Lever(
            "policy.threshold",
            "How sure the system must be (threshold)",
            "The score from which the system sets off an alert. Higher: fewer false alerts, fewer "
            "right matches. 0.60 to 0.64 are published settings; outside that the model guesses.",
            "choice",
            is_walk=False,
            choices=THRESHOLDS,
            rests_on=("error_model.threshold_slope", "error_model.fmr_060"),
        ),
        Lever(
            "policy.watchlist.size",
            "People on the list (watchlist)",
            "Every face is compared with everybody on the list: twice the list, twice the false "
            "alerts, and more people to be found. London's lists held 3,000 to 20,000.",
            "number",
            is_walk=False,
            low=0,
            high=100_000,
            step=500,
            unit="people",
            rests_on=("matching.list_exponent", "matching.listed_per_1000"),
        ),
        Lever(
            "policy.watchlist.composition",
            "Who is on the list",
            "The system mixes up people who look alike. A list of men sets off alerts on men. No "
            "force says who is on its list, so this is a guess.",
            "choice",
            is_walk=False,
            choices={name: name for name in lists},
            read=read_list,
            write=write_list,
        ),
        Lever(
            "policy.watchlist.photo_age_years",
            "Age of the photographs",
            "With old photographs the system misses more of the people on the list.",
            "choice",
            is_walk=False,
            choices=PHOTO_AGES,
            unit="years",
            rests_on=("matching.ageing_probit_per_year",),
        ),
        crowd_lever(base),
        Lever(
            "policy.hours",
            "Hours with cameras on",
            "How long the cameras run. More hours: more people scanned, more of everything.",
            "number",
            is_walk=True,
            low=0.5,
            high=12.0,
            step=0.5,
            unit="hours",
            rests_on=("response.shift_hours",),
        ),
        Lever(
            "policy.start_hour",
            "Start",
            "The hour of the day at which the cameras start; crowds follow the clock.",
            "number",
            is_walk=True,
            low=0.0,
            high=22.0,
            step=1.0,
            unit="o'clock",
            rests_on=("arrivals.hourly_cv",),
        ),
        Lever(
            "camera_height",
            "Camera height",
            "Low cameras look along the crowd and lose short people behind tall ones; high ones "
            "look down on faces.",
            "choice",
            is_walk=True,
            choices=HEIGHTS,
            unit="m",
            rests_on=("crowd.height_male_m", "crowd.height_female_m", "camera.pitch_half_loss_deg"),
            read=_read_height,
            write=_write_height,
        ),
        Lever(
            "cameras",
            "Cameras",
            "How many of the place's cameras are on. A second look finds more, and errs more.",
            "choice",
            is_walk=True,
            is_first=False,
            choices={count: str(count) for count in range(cameras + 1)},
            rests_on=("matching.repeat_camera",),
            read=lambda tree: len(tree["policy"]["cameras"]),
            write=_write_cameras,
        ),
        Lever(
            "policy.signs",
            "Signs announce the cameras",
            "Some people keep off a signed zone, some groups more than others.",
            "switch",
            is_walk=True,
            rests_on=("crowd.avoid_share_white", "crowd.avoid_share_black"),
        ),
        Lever(
            "policy.operators",
            "Operators",
            "People who look at alerts and decide whom to follow up.",
            "number",
            is_walk=False,
            low=0,
            high=12,
            unit="people",
            rests_on=("response.review_s",),
        ),
        Lever(
            "policy.officers",
            "Officers",
            "People in the street who go after somebody.",
            "number",
            is_walk=False,
            low=0,
            high=30,
            unit="people",
            rests_on=("response.officer_speed_mps", "response.lost_in_crowd"),
        ),
        Lever(
            "assumptions.error_model",
            "Which error rates to believe",
            "Bench tests and streets disagree about thirtyfold on false alerts. Both are shown.",
            "choice",
            is_walk=False,
            is_first=False,
            choices=ERROR_MODELS,
            rests_on=("error_model.fmr_060",),
        ),
        Lever(
            "assumptions.demographic_preset",
            "How errors differ between groups",
            "What tests of matchers found about false matches by sex, ethnicity and age.",
            "choice",
            is_walk=False,
            is_first=False,
            choices=GROUP_DIFFERENCES,
            rests_on=("demographics.w_black", "demographics.w_female"),
        ),
    ]
    return tuple(found)
