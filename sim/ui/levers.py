"""The levers of the first page: what each changes, its range and its source.

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
from sim.words.lever_words import LeverWords
from sim.words.levers import LEVERS

Tree = dict[str, Any]
Kind = Literal["choice", "number", "switch"]


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever.

    field    : of the scenario, or a name of its own where it changes several
    words    : its name and what it does, as everybody reads them
    choices  : values and their labels, where the words offer none
    low, high, step : of a number
    is_walk  : the street has to be walked anew
    is_first : shown at once, else under "more"
    rests_on : entries of the register, for the evidence page; empty: a guess
    source   : where the choices come from, in plain words, where no entry says it
    """

    field: str
    words: LeverWords
    kind: Kind
    is_walk: bool
    is_first: bool = True
    choices: Mapping[Any, str] | None = None
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0
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
    def offered(self) -> Mapping[Any, str]:
        """The values that can be chosen, with their labels."""
        return self.choices or self.words.choices or {}

    @property
    def range(self) -> str:
        """What it can be set to, in words."""
        if self.kind == "switch":
            return "yes or no"
        if self.kind == "choice":
            return "; ".join(self.offered.values())
        return f"{self.low:,g} to {self.high:,g} {self.words.unit}"

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


CROWDS = (0.5, 1.0, 1.5)


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
        words=LEVERS["street.footfall.people"],
        kind="choice",
        is_walk=True,
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
            LEVERS["policy.threshold"],
            "choice",
            is_walk=False,
            rests_on=("error_model.threshold_slope", "error_model.fmr_060"),
        ),
        Lever(
            "policy.watchlist.size",
            LEVERS["policy.watchlist.size"],
            "number",
            is_walk=False,
            low=0,
            high=100_000,
            step=500,
            rests_on=("matching.list_exponent", "matching.listed_per_1000"),
        ),
        Lever(
            "policy.watchlist.composition",
            LEVERS["policy.watchlist.composition"],
            "choice",
            is_walk=False,
            choices={name: name for name in lists},
            read=read_list,
            write=write_list,
        ),
        Lever(
            "policy.watchlist.photo_age_years",
            LEVERS["policy.watchlist.photo_age_years"],
            "choice",
            is_walk=False,
            rests_on=("matching.ageing_probit_per_year",),
        ),
        crowd_lever(base),
        Lever(
            "policy.hours",
            LEVERS["policy.hours"],
            "number",
            is_walk=True,
            low=0.5,
            high=12.0,
            step=0.5,
            rests_on=("response.shift_hours",),
        ),
        Lever(
            "policy.start_hour",
            LEVERS["policy.start_hour"],
            "number",
            is_walk=True,
            low=0.0,
            high=22.0,
            step=1.0,
            rests_on=("arrivals.hourly_cv",),
        ),
        Lever(
            "camera_height",
            LEVERS["policy.cameras.*.height_m"],
            "choice",
            is_walk=True,
            rests_on=("crowd.height_male_m", "crowd.height_female_m", "camera.pitch_half_loss_deg"),
            read=_read_height,
            write=_write_height,
        ),
        Lever(
            "cameras",
            LEVERS["policy.cameras"],
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
            LEVERS["policy.signs"],
            "switch",
            is_walk=True,
            rests_on=("crowd.avoid_share_white", "crowd.avoid_share_black"),
        ),
        Lever(
            "policy.operators",
            LEVERS["policy.operators"],
            "number",
            is_walk=False,
            low=0,
            high=12,
            rests_on=("response.review_s",),
        ),
        Lever(
            "policy.officers",
            LEVERS["policy.officers"],
            "number",
            is_walk=False,
            low=0,
            high=30,
            rests_on=("response.officer_speed_mps", "response.lost_in_crowd"),
        ),
        Lever(
            "assumptions.error_model",
            LEVERS["assumptions.error_model"],
            "choice",
            is_walk=False,
            is_first=False,
            rests_on=("error_model.fmr_060",),
        ),
        Lever(
            "assumptions.demographic_preset",
            LEVERS["assumptions.demographic_preset"],
            "choice",
            is_walk=False,
            is_first=False,
            rests_on=("demographics.w_black", "demographics.w_female"),
        ),
    ]
    return tuple(found)
