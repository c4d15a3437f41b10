"""A capture study on a terminal: a sentence, a table a camera setting, then what it rests on.

State: none; functions take the JSON object of ``capture``, return rich renderables.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.groups import ages
from sim.words.numbers import counted, plain
from sim.words.terminal_layout import table, titled

COLUMNS = (  # sex, age band, heading
    ("female", "adult", "women"),
    ("male", "adult", "men"),
    ("all", "child", "children"),
    ("all", "older", "65 and\nover"),
    ("all", "all", "everybody"),
)
DEFINITION = (
    "Looks captured: of the seconds of good face that the cameras would have had if nobody stood "
    "in the way, the share they had. People captured: a camera had at least one usable frame."
)
_FEWEST = 0.005  # below it a share would print as 0.00


def capture_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return the whole answer for a terminal."""
    parts: list[RenderableType] = [
        Text(f"{answer['title']}: whose face is captured in a crowd", style="bold"),
        Text(sentence(answer)),
        Text(DEFINITION),
    ]
    for setting in answer["settings"]:
        parts += [Text(), _looks_table(answer, setting)]
        if setting["rows"]:
            parts.append(Text(_difference(setting)))
    own = answer["settings"][0]
    if any(row["is_steady"] for row in own["rows"]):
        parts += [Text(), _people_table(answer), Text(), _ages_table(own)]
    parts += [Text(), Text(footnotes(answer), style="dim")]
    return Group(*parts)


def sentence(answer: Mapping[str, Any]) -> str:
    """Say what the densest crowd does under the scenario's own cameras."""
    own = answer["settings"][0]
    if not own["rows"]:
        return "No density that was asked for is reached: nothing can be said."
    row = own["rows"][-1]
    women, men = (_part(row, sex, "adult")["clear"]["estimate"] for sex in ("female", "male"))
    crowd = f"At {plain(row['density_per_m2'])} people a square metre"
    if women is None or men is None:
        return f"{crowd} there are too few women or men to compare."
    return (
        f"{crowd} {_share(women)} of the looks at women's faces are captured and {_share(men)} of "
        "those at men's, because people stand in the way; no matcher is involved."
    )


def _looks_table(answer: Mapping[str, Any], setting: Mapping[str, Any]) -> Group:
    """One row a density, and under it what the closed form says."""
    made = table(["people a m2", *(heading for _, _, heading in COLUMNS)])
    lines: list[tuple[float, Sequence[str]]] = []
    for row in setting["rows"]:
        density = plain(row["density_per_m2"])
        mark = "" if row["is_steady"] else ", filling"
        parts = [_part(row, sex, band)["clear"] for sex, band, _ in COLUMNS]
        lines.append((row["density_asked_per_m2"], [density + mark, *map(_cell, parts)]))
        standing = [_share(part["standing"]) for part in parts]
        lines.append((row["density_asked_per_m2"], ["  standing", *standing]))
    for missing in answer["not_reached"]:
        if missing["is_filled"]:
            continue
        asked = missing["density_per_m2"]
        of = {
            (one["sex"], one["age_band"]): one["clear"]
            for one in missing["standing"]
            if one["setting"] == setting["name"]
        }
        lines.append((asked, [f"{plain(asked)}, not reached", *("" for _ in COLUMNS)]))
        standing = [_share(of[sex, band]) for sex, band, _ in COLUMNS]
        lines.append((asked, ["  standing", *standing]))
    for _, cells in sorted(lines, key=lambda line: line[0]):
        made.add_row(*cells)
    return titled(f"Looks captured, camera {_place(setting)}", made)


def _people_table(answer: Mapping[str, Any]) -> Group:
    made = table(["people a m2", *(heading for _, _, heading in COLUMNS), "an hour"])
    steady = [row for row in answer["settings"][0]["rows"] if row["is_steady"]]
    for row in steady:
        cells = [_cell(_part(row, sex, band)["captured"]) for sex, band, _ in COLUMNS]
        footfall = f"{row['footfall_per_h']:,.0f}"
        made.add_row(plain(row["density_per_m2"]), *cells, footfall)
    alone = [_share(_part(steady[0], s, b)["captured_alone"]["estimate"]) for s, b, _ in COLUMNS]
    made.add_row("nobody in the way", *alone, "")
    return titled("People captured at least once on their way, cameras as set", made)


def _ages_table(own: Mapping[str, Any]) -> Group:
    row = [row for row in own["rows"] if row["is_steady"]][-1]
    made = table(
        [
            "",
            "people",
            "looks\ncaptured",
            "people\ncaptured",
            "exposure,\nreference = 1",
            "alert,\nif listed",
        ]
    )
    for part in row["groups"]:
        if part["sex"] == "all" or part["age_band"] == "adult" or part["people"] == 0:
            continue
        made.add_row(
            f"{part['sex']}, {ages(part['age_band'])}",
            f"{part['people']:,}",
            *(
                _cell(part[measure])
                for measure in ("clear", "captured", "exposure", "alert_if_listed")
            ),
        )
    density = plain(row["density_per_m2"])
    return titled(f"By sex and age, cameras as set, steady crowd of {density} a m2", made)


def _difference(setting: Mapping[str, Any]) -> str:
    found = setting["women_minus_men"]
    clear = found["clear"]
    density = plain(found["density_per_m2"])
    if clear["estimate"] is None:
        return f"At {density} a m2 women and men cannot be compared: too few looks."
    if clear["low"] is None:
        return (
            f"Women less men at {density} a m2: {_signed(clear['estimate'])}, too few to say more."
        )
    return (
        f"Women less men at {density} a m2: {_signed(clear['estimate'])} "
        f"({_signed(clear['low'])} to {_signed(clear['high'])})."
    )


def footnotes(answer: Mapping[str, Any]) -> str:
    """Return what the reader must know to defend the tables."""
    level = f"{100 * answer['interval_level']:.0f} %"
    guesses = [one["name"] for one in answer["assumptions"] if one["grade"] == "assumption"]
    lines = [
        f"In brackets the {level} interval of the walk; people who walk together count as one. "
        "What is assumed is held, so that intervals are somewhat too narrow.",
        "Standing: the same people at random places, looking at the camera, by a formula.",
    ]
    rows = answer["settings"][0]["rows"]
    if any(not row["is_steady"] for row in rows):
        lines.append(
            "Filling: no steady crowd has this density. More come than can pass, and the moments "
            "at which the zone is so dense are counted; above 1.5 people a square metre in two "
            "directions the walking model has not been validated."
        )
    reasons: dict[str, list[str]] = {}
    for one in answer["not_reached"]:
        reasons.setdefault(one["why"], []).append(plain(one["density_per_m2"]))
    lines += [
        f"{', '.join(found)} a m2 are not reached by a steady crowd: {why}."
        for why, found in reasons.items()
    ]
    lines += [
        f"Assumptions, guesses with a range ('passerby evidence NAME'): {', '.join(guesses)}.",
        f"Zone of {plain(answer['zone_m2'])} m2; density is its mean. Seed {answer['seed']}, hash "
        f"{answer['hash']}, version {answer['version']}, about "
        f"{counted(answer['people_asked'], 'person', 'people')} a steady crowd.",
    ]
    return "\n".join(lines)


def _part(row: Mapping[str, Any], sex: str, band: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(
        part for part in row["groups"] if (part["sex"], part["age_band"]) == (sex, band)
    )
    return found


def _place(setting: Mapping[str, Any]) -> str:
    name = setting["name"]
    return name if name.startswith("as set") else f"at {name}"


def _cell(part: Mapping[str, Any]) -> str:
    """Return a share over its interval; never a bare zero."""
    if part["estimate"] is None:
        return "no looks"
    if part["low"] is None:
        return f"{_share(part['estimate'])}\ntoo few"
    return f"{_share(part['estimate'])}\n{part['low']:.2f}-{part['high']:.2f}"


def _share(value: float | None) -> str:
    if value is None:
        return "no looks"
    if 1 - _FEWEST < value < 1:
        return "over 0.99"
    return f"{value:.2f}" if value >= _FEWEST else "under 0.01"


def _signed(value: float) -> str:
    sign = "-" if value < 0 else "+"
    if value == 0:
        return "no difference"
    return f"{sign}{abs(value):.2f}" if abs(value) >= _FEWEST else f"{sign}{plain(abs(value))}"
