"""Corridors: speed against density one way and two ways, and the lanes that form (W1, W2, W6).

Closed corridors of 50 by 4 m, people at random places, desired speeds N(1.34, 0.26) m/s cut to
0.5 to 2.2 m/s (the register's), steps of 0.05 s.

Units:  SI.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.validation import published
from scripts.validation.measures import lane_order, mixed_lane_order, root_mean_square
from scripts.validation.results import Finding, Outcome, Setting, mean_and_spread
from scripts.validation.walkers import crowded_round
from sim.scenario.schema import Locomotion

LENGTH, WIDTH = 50.0, 4.0  # m
WARM_UP, WINDOW, STANDING_WINDOW = 60.0, 60.0, 10.0  # s
STANDING = 0.05  # m/s, below it a person counts as standing still
ONE_WAY = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0)  # people/m2
TWO_WAY = (0.25, 0.5, 0.75, 0.98, 1.25, 1.5, 1.75, 2.0)
LANES = (0.5, 0.98)
RMS_LIMIT = 0.10  # m/s, over 0.25 to 3 people/m2
CROWDED = 1.5  # people/m2, from which on the share standing is reported
SHUFFLES = 200


@dataclass(frozen=True, slots=True)
class Flow:
    """Mean speed (m/s) and share standing still, seed by seed, ``(densities, seeds)``."""

    density: NDArray[np.float64]
    speed: NDArray[np.float64]
    standing: NDArray[np.float64]


def corridor_flow(
    model: Locomotion, densities: tuple[float, ...], setting: Setting, *, two_way: bool
) -> Flow:
    """Walk a closed corridor at each density and seed."""
    length = LENGTH / 2 if setting.quick else LENGTH
    share = 1 / 3 if setting.quick else 1.0
    speed, standing = (np.empty((len(densities), setting.seeds)) for _ in range(2))
    for row, density in enumerate(densities):
        for seed in range(setting.seeds):
            street = crowded_round(
                model, density, length=length, width=WIDTH, two_way=two_way, seed=seed
            )
            street.walk(share * WARM_UP)
            window = share * WINDOW
            travelled = street.walk(window - STANDING_WINDOW)
            last = street.walk(STANDING_WINDOW)
            speed[row, seed] = (travelled + last).mean() / window
            standing[row, seed] = np.mean(last < STANDING * STANDING_WINDOW)
    return Flow(np.array(densities), speed, standing)


def one_way(setting: Setting) -> Outcome:
    """W1: one-way speed against density, beside Weidmann and HERMES."""
    densities = (0.5, 1.0, 2.0, 3.0) if setting.quick else ONE_WAY
    findings: list[Finding] = []
    curves: dict[str, Any] = {}
    for model in setting.models:
        flow = corridor_flow(model, densities, setting, two_way=False)
        compared = flow.density <= 3.0
        expected = published.weidmann(flow.density[compared])
        by_seed = [root_mean_square(speeds - expected) for speeds in flow.speed[compared].T]
        ours = root_mean_square(flow.speed[compared].mean(axis=1) - expected)
        _, spread = mean_and_spread(by_seed)
        findings.append(
            Finding(
                "difference from Weidmann, 0.25 to 3 /m2, root mean square",
                model,
                "0 (Weidmann 1993)",
                ours,
                spread,
                "m/s",
                f"at most {RMS_LIMIT:.2f}",
                ours <= RMS_LIMIT,
            )
        )
        measured = published.HERMES[::4] if setting.quick else published.HERMES
        at_measured = corridor_flow(model, tuple(measured[:, 0].tolist()), setting, two_way=False)
        by_seed = [root_mean_square(speeds - measured[:, 1]) for speeds in at_measured.speed.T]
        findings.append(
            Finding(
                "difference from the nine HERMES points, root mean square",
                model,
                "0; the points are good to 10 %",
                root_mean_square(at_measured.speed.mean(axis=1) - measured[:, 1]),
                mean_and_spread(by_seed)[1],
                "m/s",
                note=_hermes_note(at_measured, measured),
            )
        )
        curves[model] = _curve(flow)
    return Outcome(tuple(findings), curves)


def _hermes_note(flow: Flow, measured: NDArray[np.float64]) -> str:
    rows = zip(measured[:, 0], measured[:, 1], flow.speed.mean(axis=1), strict=True)
    return "; ".join(f"{density:g}: {theirs:.2f}, {ours:.2f}" for density, theirs, ours in rows)


def two_way(setting: Setting) -> Outcome:
    """W2: two-way speed against density, and who stands still."""
    densities = (published.TWO_WAY_DENSITY, CROWDED) if setting.quick else TWO_WAY
    findings: list[Finding] = []
    curves: dict[str, Any] = {}
    for model in setting.models:
        flow = corridor_flow(model, densities, setting, two_way=True)
        row = densities.index(published.TWO_WAY_DENSITY)
        ours, spread = mean_and_spread(flow.speed[row].tolist())
        findings.append(
            Finding(
                "speed at 0.98 /m2, half each way",
                model,
                "1.01 (Juelich, BI_CORR_400)",
                ours,
                spread,
                "m/s",
                f"more than {published.TWO_WAY_TO_BEAT:g}",
                ours > published.TWO_WAY_TO_BEAT,
            )
        )
        for row, density in enumerate(densities):
            if density >= CROWDED:
                ours, spread = mean_and_spread((100 * flow.standing[row]).tolist())
                findings.append(
                    Finding(
                        f"standing still for 10 s at {density:g} /m2",
                        model,
                        "none known",
                        ours,
                        spread,
                        "%",
                        note=f"mean speed {flow.speed[row].mean():.2f} m/s",
                    )
                )
        curves[model] = _curve(flow)
    return Outcome(tuple(findings), curves)


def lanes(setting: Setting) -> Outcome:
    """W6: whether people who meet form lanes."""
    densities = LANES[:1] if setting.quick else LANES
    findings: list[Finding] = []
    curves: dict[str, Any] = {}
    for model in setting.models:
        for density in densities:
            found, mixed, limits = [], [], []
            for seed in range(setting.seeds):
                street = crowded_round(
                    model, density, length=LENGTH, width=WIDTH, two_way=True, seed=seed
                )
                street.walk(WARM_UP / 2 if setting.quick else WARM_UP)
                x, y = street.places.T
                found.append(lane_order(x, y, street.headings, LENGTH))
                mean, limit = mixed_lane_order(
                    x, y, street.headings, LENGTH, shuffles=SHUFFLES, seed=seed
                )
                mixed.append(mean)
                limits.append(limit)
            ours, spread = mean_and_spread(found)
            findings.append(
                Finding(
                    f"lane order at {density:g} /m2",
                    model,
                    f"{np.mean(mixed):.2f} with the directions dealt out anew",
                    ours,
                    spread,
                    "1",
                    "above 99 % of 200 shuffles, every seed",
                    bool((np.array(found) > np.array(limits)).all()),
                )
            )
            if density == densities[-1]:
                curves[model] = {
                    "x": x.tolist(),
                    "y": y.tolist(),
                    "heading": street.headings.tolist(),
                    "density": density,
                }
    return Outcome(tuple(findings), curves)


def _curve(flow: Flow) -> dict[str, list[float]]:
    return {
        "density": flow.density.tolist(),
        "speed": flow.speed.mean(axis=1).tolist(),
        "low": flow.speed.min(axis=1).tolist(),
        "high": flow.speed.max(axis=1).tolist(),
        "standing": flow.standing.mean(axis=1).tolist(),
    }
