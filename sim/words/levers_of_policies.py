"""What a force chooses and what is believed, in words: the levers of policy and assumptions.

State: none.
"""

from collections.abc import Callable, Mapping, Sequence

from sim.words.error_models import ERROR_MODELS, GROUP_DIFFERENCES, choices
from sim.words.lever_words import LeverWords, together
from sim.words.numbers import counted


def _threshold(value: float) -> str:
    return f"{value:.2f}" if round(value, 2) == value else f"{value:g}"


def _threshold_changed(there: float, here: float) -> str:
    verb = "raising" if here > there else "lowering"
    digits = 2 if round(there, 2) == there and round(here, 2) == here else 3
    return f"{verb} the threshold from {there:.{digits}f} to {here:.{digits}f}"


def _list_changed(there: int, here: int) -> str:
    if here == 0:
        return f"emptying the list of {counted(there, 'person', 'people')}"
    if there == 0:
        return f"putting {counted(here, 'person', 'people')} on the empty list"
    verb = "lengthening" if here > there else "shortening"
    return f"{verb} the list from {there:,} to {counted(here, 'person', 'people')}"


def _staff_changed(singular: str) -> Callable[[int, int], str]:
    def words(there: int, here: int) -> str:
        return f"having {counted(here, singular)} instead of {there or 'none'}"

    return words


def _cameras_changed(there: Sequence[object], here: Sequence[object]) -> str:
    if not here:
        return "taking the cameras away"
    if len(there) == len(here):
        return "changing the cameras"
    return f"having {counted(len(here), 'camera')} instead of {len(there) or 'none'}"


def _camera(name: str, description: str, unit: str) -> LeverWords:
    return LeverWords(name, description, unit, gerund=lambda _there, _here: "changing the cameras")


POLICY_LEVERS: Mapping[str, LeverWords] = {
    "policy.threshold": LeverWords(
        "threshold",
        "The score from which the system sets off an alert. Higher: fewer false alerts, fewer "
        "right matches. 0.60 to 0.64 are published settings; outside that the model guesses.",
        label="How sure the system must be (threshold)",
        said=lambda value: f"threshold {_threshold(value)}",
        gerund=_threshold_changed,
        choices={
            0.58: "0.58",
            0.60: "0.60, used until 2022",
            0.62: "0.62",
            0.64: "0.64, used by London since 2023",
            0.66: "0.66",
        },
    ),
    "policy.watchlist": together("the list", "changing the list"),
    "policy.watchlist.size": LeverWords(
        "people on the list",
        "Every face is compared with everybody on the list: twice the list, twice the false "
        "alerts, and more people to be found. London's lists held 3,000 to 20,000.",
        "people",
        label="People on the list (watchlist)",
        said=lambda value: f"{int(value):,} on the list" if value else "nobody on the list",
        gerund=_list_changed,
    ),
    "policy.watchlist.composition": LeverWords(
        "who is on the list",
        "The system mixes up people who look alike. A list of men sets off alerts on men. No "
        "force says who is on its list, so this is a guess.",
        gerund=lambda _there, _here: "changing who is on the list",
    ),
    "policy.watchlist.photo_age_years": LeverWords(
        "age of the photographs",
        "With old photographs the system misses more of the people on the list.",
        "years",
        said=lambda value: f"photographs {value:g} years old" if value else "new photographs",
        gerund=lambda there, here: (
            f"using {f'photographs {here:g} years old' if here else 'new photographs'} instead of "
            f"{f'{there:g} years' if there else 'new ones'}"
        ),
        choices={0.0: "new", 3.0: "3 years", 7.0: "7 years", 15.0: "15 years"},
    ),
    "policy.hours": LeverWords(
        "hours with cameras on",
        "How long the cameras run. More hours: more people scanned, more of everything.",
        "hours",
        said=lambda value: f"{value:g} {'hour' if value == 1 else 'hours'}",
        gerund=lambda there, here: f"running the cameras for {here:g} h instead of {there:g}",
    ),
    "policy.start_hour": LeverWords(
        "start",
        "The hour of the day at which the cameras start; crowds follow the clock.",
        "o'clock",
        said=lambda value: f"from {value:g} o'clock" if value else "from midnight",
        gerund=lambda there, here: f"starting at {here:g} o'clock instead of {there:g}",
    ),
    "policy.cameras": LeverWords(
        "cameras",
        "How many of the place's cameras are on. A second look finds more, and errs more.",
        gerund=_cameras_changed,
    ),
    "policy.cameras.*.position_m": _camera("camera position", "Where a camera stands.", "metres"),
    "policy.cameras.*.height_m": LeverWords(
        "camera height",
        "Low cameras look along the crowd and lose short people behind tall ones; high ones "
        "look down on faces.",
        "m",
        gerund=lambda there, here: f"hanging cameras at {here:g} m instead of {there:g} m",
        choices={2.5: "2.5 m, a shop front", 3.0: "3 m, a van or a mast", 5.0: "5 m, a lamp post"},
    ),
    "policy.cameras.*.heading_deg": _camera("camera heading", "Where a camera looks.", "degrees"),
    "policy.cameras.*.tilt_deg": _camera("camera tilt", "How far a camera looks down.", "degrees"),
    "policy.cameras.*.field_of_view_deg": _camera(
        "field of view", "How wide a camera sees.", "degrees"
    ),
    "policy.cameras.*.width_px": _camera("picture width", "How fine the picture is.", "pixels"),
    "policy.cameras.*.height_px": _camera("picture height", "How fine the picture is.", "pixels"),
    "policy.cameras.*.frames_per_s": _camera(
        "frames a second", "How often a camera looks.", "frames a second"
    ),
    "policy.cameras.*.near_m": _camera("nearest face", "The closest usable face.", "metres"),
    "policy.cameras.*.far_m": _camera("furthest face", "The furthest usable face.", "metres"),
    "policy.cameras.*.capacity_faces_per_s": _camera(
        "faces a second", "How many faces the system can take.", "faces a second"
    ),
    "policy.signs": LeverWords(
        "signs",
        "Some people keep off a signed zone, some groups more than others.",
        label="Signs announce the cameras",
        said=lambda value: "signs" if value else "no signs",
        gerund=lambda _there, here: "putting up signs" if here else "taking down the signs",
    ),
    "policy.avoid_area_m": together("the ground kept off", "changing the ground that is kept off"),
    "policy.operators": LeverWords(
        "operators",
        "People who look at alerts and decide whom to follow up.",
        "people",
        said=lambda value: counted(int(value), "operator"),
        gerund=_staff_changed("operator"),
    ),
    "policy.officers": LeverWords(
        "officers",
        "People in the street who go after somebody.",
        "people",
        said=lambda value: counted(int(value), "officer"),
        gerund=_staff_changed("officer"),
    ),
    "policy.officer_posts_m": together("where officers stand", "moving the officers"),
    "assumptions.error_model": LeverWords(
        "error rates",
        "Bench tests and streets disagree about thirtyfold on false alerts. Both are shown.",
        label="Which error rates to believe",
        said=lambda value: f"error rates of {ERROR_MODELS[value].name}",
        gerund=lambda there, here: (
            f"believing {ERROR_MODELS[here].name} instead of {ERROR_MODELS[there].name}"
        ),
        choices=choices(ERROR_MODELS),
    ),
    "assumptions.demographic_preset": LeverWords(
        "group differences",
        "What tests of matchers found about false matches by sex, ethnicity and age.",
        label="How errors differ between groups",
        said=lambda value: f"group differences of {GROUP_DIFFERENCES[value].name}",
        gerund=lambda there, here: (
            f"believing group differences of {GROUP_DIFFERENCES[here].name} instead of "
            f"{GROUP_DIFFERENCES[there].name}"
        ),
        choices=choices(GROUP_DIFFERENCES),
    ),
    "assumptions.locomotion": together(
        "how people keep clear of each other", "changing how people keep clear of each other"
    ),
    "run.seed": LeverWords(
        "seed",
        "The number from which all luck is drawn.",
        gerund=lambda there, here: f"drawing seed {here} instead of {there}",
    ),
    "run.time_step_s": LeverWords("time step", "How finely the walk is worked out.", "seconds"),
}
