"""The numbers of a result: tidy summary, groups, denominators, and the JSON object.

A *true match* is a true alert. The headline is mistaken stops per true match, a ratio of totals;
the same mistaken stops are always shown by face scanned, by alert and by stop as well. A count's
``low`` and ``high`` are what one deployment may show, luck and unknowns together; the headline's
are what the assumptions' ranges allow in the long run, with its luck beside it.

State: none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import __version__
from sim import columns as col
from sim.analysis.intervals import binomial_disparity, poisson_interval
from sim.analysis.outcomes import (
    CORRECT_STOPS,
    MISTAKEN_STOP,
    Spread,
    count_spread,
    counts_by_draw,
    group_table,
    quantile_interval,
    ratio_spread,
    sums_by_draw,
)
from sim.experiments.street_facts import mean_density, peak_density, walk_counts
from sim.experiments.unknowns import response_chances
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.scenario.identity import scenario_hash
from sim.scenario.schema import Recorded

if TYPE_CHECKING:
    from sim.experiments.single import Result

Floats = NDArray[np.float64]

DENOMINATORS = {
    "per_true_match": "mistaken stops per true match",
    "per_million_faces": "mistaken stops per million faces scanned",
    "per_alert": "mistaken stops per alert",
    "per_stop": "mistaken stops per stop",
}
STOP_NAMES = {
    "mistaken": (MISTAKEN_STOP,),
    "correct": CORRECT_STOPS,
    "no_action": ("no further action",),
    "out_of_date": ("out of date",),
    "arrests": ("arrest",),
}
MISSED = ("unread", "dismissed", "no officer", "lost")
_LUCK = (2, 3)  # the k, within ASSUMPTION, of the luck of numerator and denominator
_SIGNIFICANT = 9  # digits in JSON: more than any reader needs, fewer than processors differ in


@dataclass(frozen=True, slots=True)
class Count:
    """A counted quantity: expected value, value in each response draw, mean in each belief."""

    estimate: float
    sampled: Floats
    means: Floats


def run_id(result: "Result") -> str:
    """Return the name of a run: the same for the same scenario, seed and version."""
    scenario = result.scenario
    text = f"{scenario_hash(scenario)}/{scenario.run.seed}/{__version__}"
    return sha256(text.encode()).hexdigest()[:12]


def counts(result: "Result") -> dict[str, Count]:
    """Return alerts, outcomes and burdens, each with its draws and its beliefs."""
    unknown, chances = result.unknown, result.unknown.chances
    false_j, true_j = unknown.false_alerts.sum(axis=1), unknown.true_alerts.sum(axis=1)
    own = response_chances(
        result.scenario, result.believed, result.false_alerts, result.crowding_ratio
    )
    found = chances.found / own.found
    if_mistaken = false_j * result.if_false.share[MISTAKEN_STOP]
    if_mistaken = if_mistaken * found * chances.pursued_false / own.pursued_false
    if_correct = true_j * sum(result.if_true.share[name] for name in CORRECT_STOPS)
    if_correct = if_correct * found * chances.pursued_true / own.pursued_true
    rest = 1 - chances.arrest_share - chances.out_of_date_share
    means: dict[str, Floats] = {
        "mistaken": if_mistaken,
        "correct": if_correct,
        "arrests": if_correct * chances.arrest_share,
        "out_of_date": if_correct * chances.out_of_date_share,
        "no_action": if_correct * rest,
    }
    table, draws = result.alerts, result.draws
    is_true = table[col.IS_TRUE].to_numpy()
    drawn = table[col.DRAW].to_numpy()

    def shares(names: Sequence[str]) -> tuple[float, float]:
        return tuple(sum(f.share[n] for n in names) for f in (result.if_false, result.if_true))

    def expected(if_false: float, if_true: float) -> float:
        return result.false_alerts * if_false + result.true_alerts * if_true

    found_counts = {
        "false_alerts": Count(
            result.false_alerts, np.bincount(drawn[~is_true], minlength=draws) * 1.0, false_j
        ),
        "true_alerts": Count(
            result.true_alerts, np.bincount(drawn[is_true], minlength=draws) * 1.0, true_j
        ),
    }
    for name, outcomes in STOP_NAMES.items():
        found_counts[name] = Count(
            expected(*shares(outcomes)), counts_by_draw(table, draws, outcomes), means[name]
        )
    for outcome in MISSED:
        if_false, if_true = shares((outcome,))
        found_counts[outcome] = Count(
            expected(if_false, if_true),
            counts_by_draw(table, draws, (outcome,)),
            false_j * if_false + true_j * if_true,
        )
    mistaken_minutes = table.loc[table[col.OUTCOME] == MISTAKEN_STOP]
    per_mistaken = result.if_false.added[col.STOP_MINUTES]
    found_counts["minutes_of_mistaken_stops"] = Count(
        result.false_alerts * per_mistaken,
        sums_by_draw(mistaken_minutes, draws, col.STOP_MINUTES),
        _scaled(if_mistaken, found_counts["mistaken"].estimate, result.false_alerts * per_mistaken),
    )
    for name, column, unit in (
        ("witnesses", col.WITNESSES, 1.0),
        ("officer_hours_on_alerts", col.OFFICER_MINUTES, 60.0),
    ):
        if_false, if_true = (f.added[column] / unit for f in (result.if_false, result.if_true))
        found_counts[name] = Count(
            expected(if_false, if_true),
            sums_by_draw(table, draws, column) / unit,
            false_j * if_false + true_j * if_true,
        )
    return found_counts


def _scaled(means: Floats, estimate: float, target: float) -> Floats:
    """Return ``means`` scaled so that ``estimate`` becomes ``target``; zeros stay zeros."""
    return means * (target / estimate) if estimate > 0 else means


def spreads(result: "Result") -> dict[str, Spread]:
    """Return every count with its spreads, and mistaken stops by the four denominators."""
    counted = counts(result)
    luck = _assumption_luck(result)
    whole = ("minutes_of_mistaken_stops", "witnesses", "officer_hours_on_alerts")
    found = {
        name: _amount_spread(c, result.level)
        if name in whole
        else count_spread(c.estimate, c.sampled, c.means, luck[0], result.level)
        for name, c in counted.items()
    }
    mistaken = counted["mistaken"]
    faces = float(np.count_nonzero(result.passages.usable)) / 1e6
    below = {
        "per_true_match": counted["true_alerts"],
        "per_alert": _sum(counted["true_alerts"], counted["false_alerts"]),
        "per_stop": _sum(counted["correct"], mistaken),
    }
    for name, denominator in below.items():
        found[name] = ratio_spread(
            (mistaken.estimate, mistaken.sampled, mistaken.means),
            (denominator.estimate, denominator.sampled, denominator.means),
            luck,
            result.level,
        )
    if faces > 0:
        scaled = Count(
            mistaken.estimate / faces, mistaken.sampled / faces, mistaken.means / faces
        )
        found["per_million_faces"] = _amount_spread(scaled, result.level)
    else:
        nothing = (np.nan, np.nan)
        found["per_million_faces"] = Spread(np.nan, nothing, nothing, nothing)
    return found


def _sum(first: Count, second: Count) -> Count:
    return Count(
        first.estimate + second.estimate,
        first.sampled + second.sampled,
        first.means + second.means,
    )


def _amount_spread(counted: Count, level: float) -> Spread:
    """Return the spread of a quantity that is not a count: luck from the draws alone."""
    luck = quantile_interval(counted.sampled, level)
    unknown = quantile_interval(counted.means, level)
    return Spread(
        counted.estimate, luck, unknown, (min(luck[0], unknown[0]), max(luck[1], unknown[1]))
    )


def _assumption_luck(result: "Result") -> tuple[Floats, Floats]:
    rows = np.arange(len(result.unknown.false_alerts))
    seed = result.scenario.run.seed
    first, second = (uniforms(seed, ASSUMPTION, rows, k) for k in _LUCK)
    return first, second


def no_true_match_chance(result: "Result") -> float:
    """Return the chance that a deployment brings no true match at all, assumptions held."""
    listed = result.scored.p_listed * result.scored.p_true
    return float(np.exp(np.log1p(-listed).sum()))


def summary(result: "Result") -> pd.DataFrame:
    """Return one row a measure: estimate, low, high, both spreads, unit."""
    facts = walk_counts(result.passages)
    units = {"minutes_of_mistaken_stops": "min", "officer_hours_on_alerts": "h", **{
        "witnesses": "person", **dict.fromkeys(DENOMINATORS, "ratio")}}
    rows = [
        (name, value, value, value, np.nan, np.nan, np.nan, np.nan, "person")
        for name, value in facts.items()
    ]
    for name, spread in spreads(result).items():
        low, high = spread.unknown if name in DENOMINATORS else spread.both
        rows.append(
            (name, spread.estimate, low, high, *spread.luck, *spread.unknown,
             units.get(name, "event"))
        )
    table = pd.DataFrame(
        rows,
        columns=[
            col.MEASURE, col.ESTIMATE, col.LOW, col.HIGH,
            col.LUCK_LOW, col.LUCK_HIGH, col.UNKNOWN_LOW, col.UNKNOWN_HIGH, col.UNIT,
        ],
    )
    table.insert(0, col.RUN_ID, run_id(result))
    table.insert(1, col.SCENARIO, result.scenario.name)
    table.insert(2, col.SCENARIO_HASH, scenario_hash(result.scenario))
    table.insert(3, col.SEED, result.scenario.run.seed)
    return table


def groups(result: "Result", by: Sequence[str] = (col.SEX, col.ETHNICITY, col.AGE_BAND)) -> (
    pd.DataFrame
):
    """Return one row a group: people, faces, alerts and mistaken stops with their intervals."""
    unknown, chances = result.unknown, result.unknown.chances
    own = response_chances(
        result.scenario, result.believed, result.false_alerts, result.crowding_ratio
    )
    share = result.if_false.share[MISTAKEN_STOP]
    moved = chances.pursued_false / own.pursued_false * chances.found / own.found
    usable = result.passages.usable
    table = group_table(
        result.passages.people,
        {
            col.PEOPLE: (~result.passages.people[col.AVOIDED]).to_numpy(dtype=np.float64),
            col.FACES_USABLE: usable.astype(np.float64),
            col.FALSE_ALERTS: result.scored.false_alerts,
            col.TRUE_ALERTS: result.scored.true_alerts,
            col.MISTAKEN_STOPS: result.scored.false_alerts * share,
        },
        {
            col.FALSE_ALERTS: unknown.false_alerts,
            col.TRUE_ALERTS: unknown.true_alerts,
            col.MISTAKEN_STOPS: unknown.false_alerts * (share * moved)[:, None],
        },
        by=by,
        level=result.level,
    )
    for column in (col.PEOPLE, col.FACES_USABLE):
        table[column] = table[column].astype(np.int64)
    return table


def disparities(result: "Result", by: str) -> pd.DataFrame:
    """Return one row a value of ``by``: false alerts per face, relative to everybody's rate.

    With the interval over the assumptions, and the smallest ratio above 1 that one deployment of
    this size could have shown (80 % power, two-sided 5 %): infinite where none could.
    """
    table = groups(result, (by,))
    usable, group = result.passages.usable, result.passages.people[col.GROUP].to_numpy()
    faces = np.bincount(group, usable, minlength=result.unknown.false_alerts.shape[1])
    values = result.passages.people[by].to_numpy()
    everybody = result.unknown.false_alerts.sum(axis=1) / max(faces.sum(), 1.0)
    rows = []
    for _, row in table.iterrows():
        members = np.unique(group[values == row[by]])
        face_count = float(faces[members].sum())
        if face_count == 0 or result.false_alerts == 0:
            rows.append((row[by], np.nan, np.nan, np.nan, np.inf))
            continue
        ratio = row[col.FALSE_ALERTS] / face_count / (result.false_alerts / faces.sum())
        drawn = result.unknown.false_alerts[:, members].sum(axis=1) / face_count / everybody
        low, high = np.quantile(drawn, [(1 - result.level) / 2, (1 + result.level) / 2])
        detectable = binomial_disparity(result.false_alerts, face_count / faces.sum())
        rows.append((row[by], ratio, low, high, detectable))
    return pd.DataFrame(rows, columns=[by, col.RATIO, col.LOW, col.HIGH, col.DETECTABLE])


def recorded_measures(recorded: Recorded) -> dict[str, dict[str, float]]:
    """Return what was recorded, a mean deployment each, with the interval of its rate."""
    found = {}
    for field in ("alerts", "true_alerts", "false_alerts", "mistaken_stops", "correct_stops",
                  "arrests"):
        value = getattr(recorded, field)
        if value is not None:
            low, high = poisson_interval(value, recorded.deployments)
            found[field] = {"mean": value / recorded.deployments, "low": low, "high": high}
    return found


def as_json(result: "Result") -> dict[str, Any]:
    """Return the one object of ``run --json``: no clock, no durations, no path."""
    scenario, spread = result.scenario, spreads(result)
    facts = walk_counts(result.passages)
    return _tidy(
        {
            "scenario": scenario.name,
            "title": scenario.title,
            "hash": scenario_hash(scenario),
            "seed": scenario.run.seed,
            "version": __version__,
            "run_id": run_id(result),
            "interval_level": result.level,
            "draws": result.draws,
            "assumption_draws": len(result.unknown.false_alerts),
            **facts,
            "density_per_m2": {
                "mean": mean_density(scenario, result.passages),
                "peak": peak_density(scenario, result.passages),
            },
            "expected": {
                "false_alerts": result.false_alerts,
                "true_alerts": result.true_alerts,
            },
            "alerts": {
                "false": _count_json(spread["false_alerts"]),
                "true": _count_json(spread["true_alerts"]),
            },
            "stops": {name: _count_json(spread[name]) for name in STOP_NAMES},
            "missed": {name.replace(" ", "_"): _count_json(spread[name]) for name in MISSED},
            "burden": {
                name: _count_json(spread[name])
                for name in ("minutes_of_mistaken_stops", "witnesses", "officer_hours_on_alerts")
            },
            "staff_hours": (scenario.policy.operators + scenario.policy.officers)
            * scenario.policy.hours,
            "false_stops_per_true_match": {
                **_ratio_json(spread["per_true_match"]),
                "p_no_true_match": no_true_match_chance(result),
            },
            "denominators": {name: _ratio_json(spread[name]) for name in DENOMINATORS},
            "groups": groups(result).to_dict("records"),
            "disparities": {
                by: disparities(result, by).to_dict("records")
                for by in (col.SEX, col.ETHNICITY, col.AGE_BAND)
            },
            "error_models": result.anchors.to_dict("records"),
            "assumptions": _assumptions_json(result),
            "recorded": None
            if scenario.recorded is None
            else {**scenario.recorded.model_dump(), "rates": recorded_measures(scenario.recorded)},
            "warnings": list(result.warnings),
        }
    )


def _assumptions_json(result: "Result") -> dict[str, Any]:
    chosen = result.scenario.assumptions
    return {
        "error_model": chosen.error_model,
        "demographic_preset": chosen.demographic_preset,
        "overridden": {
            name: {
                "value": entry.value,
                "low": entry.low,
                "high": entry.high,
                "unit": entry.unit,
                "grade": entry.grade,
                "source": entry.source,
            }
            for name, entry in sorted(result.believed.overridden.items())
        },
    }


def _count_json(spread: Spread) -> dict[str, Any]:
    return {
        "mean": spread.estimate,
        "low": spread.both[0],
        "high": spread.both[1],
        "luck": list(spread.luck),
        "unknown": list(spread.unknown),
    }


def _ratio_json(spread: Spread) -> dict[str, Any]:
    return {
        "estimate": spread.estimate,
        "low": spread.unknown[0],
        "high": spread.unknown[1],
        "luck": list(spread.luck),
    }


def _tidy(value: Any) -> Any:  # JSON is untyped
    """Return JSON-ready values: floats to nine digits, infinite and unknown ones as null."""
    match value:
        case dict():
            return {str(key): _tidy(item) for key, item in value.items()}
        case list() | tuple():
            return [_tidy(item) for item in value]
        case bool() | int() | str() | None:
            return value
        case np.integer():
            return int(value)
        case float() | np.floating():
            return float(f"{value:.{_SIGNIFICANT}g}") if np.isfinite(value) else None
        case _:
            return value
