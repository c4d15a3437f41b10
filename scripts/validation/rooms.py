"""Rooms and bottlenecks: flow against width, doors closed, opposing crowds (W3, W4, W5).

Units:  SI.
"""

from functools import partial
from typing import Any

import numpy as np
import shapely

from scripts.validation import published
from scripts.validation.filled import SPARE, FilledStreet, random_starts, room_scenario
from scripts.validation.measures import fitted_line, steady_flow
from scripts.validation.results import Finding, Outcome, Setting, mean_and_spread
from sim.scenario.schema import Locomotion

WIDTHS = (0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4)  # m
JUDGED_FROM, JUDGED_TO = 1.0, 2.0  # m, widths of which the flow is judged
QUEUE = 150  # people before the bottleneck
HALL, BEYOND = 14.0, 6.0  # m along x
DEPTH, DEEP = 0.4, 2.0  # m, the bottleneck: a wall with an opening, and a passage
HALL_WIDTH = 10.0  # m
LEAST_R_SQUARED = 0.98
DOOR_WIDTH, WALL_THICKNESS = 1.0, 0.5  # m
ROOM = (30.0, 20.0)  # m
DOORS_AT = (7.5, 22.5)  # m along each long wall
RATIO_LOW, RATIO_HIGH = 1.8, 2.2
OPPOSING = (0, 10, 50, 100)
WALKERS = 100
PATIENCE = 1800.0  # s, after which a jam is called a jam
FOLD = 50.0  # people of one exit that are drawn on top of the spare ones


def bottleneck_flow(
    model: Locomotion, width: float, people: int, seed: int, *, depth: float = DEPTH
) -> float:
    """Return people a second through a bottleneck of some width and depth behind a waiting crowd.

    0 where more than a tenth never get through.
    """
    middle = HALL_WIDTH / 2
    low, high = middle - width / 2, middle + width / 2
    after, end = HALL + depth, HALL + depth + BEYOND
    outline = [
        (0.0, 0.0), (HALL, 0.0), (HALL, low), (after, low), (after, 0.0), (end, 0.0),
        (end, HALL_WIDTH), (after, HALL_WIDTH), (after, high), (HALL, high),
        (HALL, HALL_WIDTH), (0.0, HALL_WIDTH),
    ]  # fmt: skip
    doors = {
        "west": ((0.0, 0.0), (0.0, HALL_WIDTH)),
        "east": ((end, 0.0), (end, HALL_WIDTH)),
    }
    scenario = room_scenario(
        outline,
        doors,
        {("west", "east"): 1.0},
        people=SPARE * people + FOLD,
        seed=seed,
        model=model,
    )
    waiting = shapely.box(1.0, 0.5, HALL - 1.0, HALL_WIDTH - 0.5)
    starts = random_starts(people, waiting, np.random.default_rng(seed))
    street = FilledStreet(scenario, {"east": starts})
    street.walk_until_empty()
    times = street.leaving_times()
    return steady_flow(times[np.isfinite(times)]) if np.isfinite(times).mean() > 0.9 else 0.0


def bottleneck(setting: Setting) -> Outcome:
    """W3: flow against width."""
    widths = (1.0, 2.0) if setting.quick else WIDTHS
    people = 60 if setting.quick else QUEUE
    findings: list[Finding] = []
    curves: dict[str, Any] = {}
    for model in setting.models:
        flow = np.array(
            [
                [bottleneck_flow(model, width, people, seed) for seed in range(setting.seeds)]
                for width in widths
            ]
        )
        specific = flow / np.array(widths)[:, None]
        for width, row in zip(widths, specific, strict=True):
            if width in {0.8, 1.0, 1.4, 2.0, 2.4}:
                ours, spread = mean_and_spread(row.tolist())
                is_judged = JUDGED_FROM <= width <= JUDGED_TO
                findings.append(
                    Finding(
                        f"specific flow, {width:g} m wide",
                        model,
                        "1.3 to 2.2; IMO at most 1.33; FDS+Evac 1.24 to 1.67",
                        ours,
                        spread,
                        "/(m s)",
                        "1.3 to 2.2" if is_judged else "",
                        _is_between(ours, published.FLOW_LOW, published.FLOW_HIGH)
                        if is_judged
                        else None,
                    )
                )
        judged = [row for w, row in zip(widths, specific, strict=True) if 1.0 <= w <= 2.0]
        means = np.mean(judged, axis=1)
        findings.append(
            Finding(
                "specific flow, lowest and highest of widths 1.0 to 2.0 m",
                model,
                "1.3 to 2.2",
                None,
                None,
                "/(m s)",
                "all inside",
                bool(means.min() >= published.FLOW_LOW and means.max() <= published.FLOW_HIGH),
                f"{means.min():.2f} to {means.max():.2f}",
            )
        )
        for width in () if setting.quick else (JUDGED_FROM, JUDGED_TO):
            deep = [
                bottleneck_flow(model, width, people, seed, depth=DEEP) / width
                for seed in range(setting.seeds)
            ]
            ours, spread = mean_and_spread(deep)
            findings.append(
                Finding(
                    f"specific flow, passage {DEEP:g} m deep and {width:g} m wide",
                    model,
                    "",
                    ours,
                    spread,
                    "/(m s)",
                )
            )
        if len(widths) > 2:
            line = fitted_line(np.array(widths), flow.mean(axis=1))
            findings.append(
                Finding(
                    "share of the flow's variance that a straight line in width explains",
                    model,
                    "linear, no steps (Seyfried et al. 2009; Liao et al. 2014)",
                    line.r_squared,
                    None,
                    "1",
                    f"at least {LEAST_R_SQUARED}",
                    line.r_squared >= LEAST_R_SQUARED,
                    f"slope {line.slope:.2f} /(m s)",
                )
            )
        curves[model] = {
            "width": list(widths),
            "flow": flow.mean(axis=1).tolist(),
            "low": flow.min(axis=1).tolist(),
            "high": flow.max(axis=1).tolist(),
        }
    return Outcome(tuple(findings), curves)


def evacuation_time(model: Locomotion, doors: int, people: int, seed: int) -> float:
    """Return the time until a room of 30 by 20 m is empty, s; nan if it never is."""
    width, height = ROOM
    half, thick = DOOR_WIDTH / 2, WALL_THICKNESS
    outline, exits = [(0.0, 0.0)], {}
    for at in DOORS_AT:
        outline += [(at - half, 0.0), (at - half, -thick), (at + half, -thick), (at + half, 0.0)]
        exits[f"south {at:g}"] = ((at - half, -thick), (at + half, -thick))
    outline += [(width, 0.0), (width, height)]
    if doors == 4:
        for at in reversed(DOORS_AT):
            top = height + thick
            outline += [(at + half, height), (at + half, top), (at - half, top)]
            outline += [(at - half, height)]
            exits[f"north {at:g}"] = ((at - half, top), (at + half, top))
    outline.append((0.0, height))
    names = list(exits)
    scenario = room_scenario(
        outline,
        exits,
        {(name, name): 1 / doors for name in names},
        people=SPARE * people + FOLD * doors,
        seed=seed,
        model=model,
    )
    inside = shapely.box(0.3, 0.3, width - 0.3, height - 0.3)
    places = random_starts(people, inside, np.random.default_rng(seed))
    # Everybody takes the nearest door; in this room the doors' grounds are of equal size.
    nearest = np.argmin(
        [np.hypot(*(places - np.mean(exits[name], axis=0)).T) for name in names], axis=0
    )
    street = FilledStreet(
        scenario, {name: places[nearest == row] for row, name in enumerate(names)}
    )
    emptied = street.walk_until_empty()
    return float(street.leaving_times().max()) if emptied else float("nan")


def closed_doors(setting: Setting) -> Outcome:
    """W4: four doors, then two."""
    people = 200 if setting.quick else 1000
    findings: list[Finding] = []
    curves: dict[str, Any] = {}
    for model in setting.models:
        times = {
            doors: [evacuation_time(model, doors, people, seed) for seed in range(setting.seeds)]
            for doors in (4, 2)
        }
        jams = {doors: sum(not np.isfinite(t) for t in found) for doors, found in times.items()}
        for doors, found in times.items():
            through = [time for time in found if np.isfinite(time)]
            ours, spread = mean_and_spread(through) if through else (None, None)
            note = f"jammed for good in {jams[doors]} of {len(found)} runs" if jams[doors] else ""
            if ours is not None:
                flow = f"flow of a door over the whole time {people / doors / ours:.2f} /s"
                note = f"{note}; {flow}" if note else flow
            findings.append(
                Finding(
                    f"time to empty, {doors} doors",
                    model,
                    f"{published.EVACUATION_S[doors]:.0f} (FDS+Evac)",
                    ours,
                    spread,
                    "s",
                    note=note,
                )
            )
        ratios = [two / four for two, four in zip(times[2], times[4], strict=True)]
        known = [ratio for ratio in ratios if np.isfinite(ratio)]
        ours, spread = mean_and_spread(known) if known else (None, None)
        findings.append(
            Finding(
                "time with 2 doors over time with 4",
                model,
                "about 2; 1.87 (FDS+Evac)",
                ours,
                spread,
                "1",
                f"{RATIO_LOW} to {RATIO_HIGH}, and no jam for good",
                ours is not None
                and _is_between(ours, RATIO_LOW, RATIO_HIGH)
                and not any(jams.values()),
                f"jams for good: {sum(jams.values())} of {2 * setting.seeds} runs",
            )
        )
        curves[model] = {str(doors): found for doors, found in times.items()}
    return Outcome(tuple(findings), curves)


def crossing_time(model: Locomotion, opposing: int, walkers: int, seed: int) -> float:
    """Return when the last of the walkers reaches the other room, s; nan if somebody never does."""
    outline = [
        (0.0, 0.0), (10.0, 0.0), (10.0, 4.0), (20.0, 4.0), (20.0, 0.0), (30.0, 0.0),
        (30.0, 10.0), (20.0, 10.0), (20.0, 6.0), (10.0, 6.0), (10.0, 10.0), (0.0, 10.0),
    ]  # fmt: skip
    doors = {"west": ((0.0, 0.0), (0.0, 10.0)), "east": ((30.0, 0.0), (30.0, 10.0))}
    scenario = room_scenario(
        outline,
        doors,
        {("west", "east"): 0.5, ("east", "west"): 0.5},
        people=SPARE * 2 * max(walkers, opposing) + 2 * FOLD,
        seed=seed,
        model=model,
    )
    rng = np.random.default_rng(seed)
    starts = {"east": random_starts(walkers, shapely.box(0.4, 0.4, 4.4, 9.6), rng)}
    if opposing:
        starts["west"] = random_starts(opposing, shapely.box(25.6, 0.4, 29.6, 9.6), rng)
    street = FilledStreet(scenario, starts)
    arrived = np.full(len(street.crowd), np.nan)
    ids = street.placed["east"]
    while np.isnan(arrived[ids]).any() and street.time_s < PATIENCE:
        street.step()
        over = street.present_ids[street.positions_m[:, 0] >= 20.0]
        new = over[np.isnan(arrived[over])]
        arrived[new] = street.time_s
    return float(arrived[ids].max())


def opposing_crowds(setting: Setting) -> Outcome:
    """W5: a hundred people against none, ten, fifty, a hundred in a corridor of 2 m."""
    cases = (0, 10) if setting.quick else OPPOSING
    walkers = 40 if setting.quick else WALKERS
    findings: list[Finding] = []
    curves: dict[str, Any] = {}
    for model in setting.models:
        time_of = partial(crossing_time, model)
        times = [
            [time_of(opposing, walkers, seed) for seed in range(setting.seeds)]
            for opposing in cases
        ]
        means = []
        for opposing, found in zip(cases, times, strict=True):
            through = [time for time in found if np.isfinite(time)]
            ours, spread = mean_and_spread(through) if through else (None, None)
            means.append(np.inf if ours is None else ours)
            findings.append(
                Finding(
                    f"last of {walkers} across, {opposing} against",
                    model,
                    f"{published.COUNTERFLOW_S[opposing]:.0f} (FDS+Evac)",
                    ours,
                    spread,
                    "s",
                    note=""
                    if len(through) == len(found)
                    else f"jammed in {len(found) - len(through)} of {len(found)} runs",
                )
            )
        jams = sum(not np.isfinite(time) for found in times for time in found)
        findings.append(
            Finding(
                "time rises with the number against",
                model,
                "rises",
                None,
                None,
                "",
                "rises, and nobody is stuck for half an hour",
                bool((np.diff(means) > 0).all()) and jams == 0,
                f"jams: {jams}",
            )
        )
        curves[model] = {"opposing": list(cases), "time": times}
    return Outcome(tuple(findings), curves)


def _is_between(value: float, low: float, high: float) -> bool:
    return low <= value <= high
