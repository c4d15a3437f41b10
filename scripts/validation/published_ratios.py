"""The four published ratios of mistaken stops to true matches, and what the model says of each.

Inputs are the register's and the scenario files'; nothing is tuned to a case. A setting may pool
several deployments: totals are added before they are divided, draw by draw of the assumptions,
which are the same in all of them.

State: none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import poisson

from sim.analysis.outcomes import quantile_interval, ratios
from sim.answer.counts import day_factors
from sim.answer.result import Result, simulate
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.record.scores import counts_interval
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

LEVEL = 0.80
COLUMNS = ("setting", "published", "estimate", "low", "high", "luck_low", "luck_high", "inside")
_LUCK = (10, 11)  # the k, within ASSUMPTION, of the luck of both totals


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of deployment within a setting: a shipped scenario, settings, and how many."""

    scenario: str
    deployments: int
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """Deployments whose mistaken stops and true alerts were published together."""

    name: str
    mistaken_stops: int
    true_alerts: int
    parts: tuple[Part, ...]

    @property
    def published(self) -> float:
        """Return the ratio as published."""
        return self.mistaken_stops / self.true_alerts


def _summer_2022(people: int) -> tuple[str, ...]:
    return (
        f"street.footfall.people={people}.0",
        "policy.watchlist.size=6750",
    )


SETTINGS = (
    Setting("London trials 2018-19", 14, 8, (Part("london_trials_2018_19", 6),)),
    Setting(
        "London, February 2020 to July 2022",
        8,
        18,
        (
            Part("stratford_2020", 1),
            Part("oxford_circus_2020", 1),
            Part("oxford_circus_2022", 1),
            # The other five of 2022: Leicester Square, Oxford Circus three times, Piccadilly.
            Part("oxford_circus_2022", 1, _summer_2022(10_740)),
            Part("oxford_circus_2022", 3, _summer_2022(35_022)),
            Part("oxford_circus_2022", 1, _summer_2022(16_440)),
        ),
    ),
    Setting("Cardiff, Champions League week 2017", 5, 173, (Part("cardiff_2017", 4),)),
    Setting("London, September 2024 to September 2025", 6, 2067, (Part("high_street", 207),)),
)


def published_ratios(
    settings: tuple[Setting, ...] = SETTINGS, *, progress: Progress | None = None
) -> pd.DataFrame:
    """Return one row a setting: published ratio, the model's, and two intervals at 80 %.

    low, high           : what the assumptions leave open
    luck_low, luck_high : the same with the luck of so few events and of single deployments added
    inside              : whether the published ratio lies within low and high
    """
    rows = []
    for number, setting in enumerate(settings):
        if progress is not None:
            progress("running the published settings", number / len(settings))
        rows.append(_row(setting))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(setting: Setting) -> tuple[object, ...]:
    results = [simulate(_scenario(part)) for part in setting.parts]
    stops, matches, lucky_stops = np.zeros((3, len(results[0].drawn)))
    for part, result in zip(setting.parts, results, strict=True):
        mistaken, true = result.counted["mistaken"], result.counted["true_alerts"]
        stops = stops + part.deployments * mistaken.means
        matches = matches + part.deployments * true.means
        # A deployment has a rate of its own: the mean of so many factors varies so much less.
        day = 1 + (_day_factors(result) - 1) / np.sqrt(part.deployments)
        lucky_stops = lucky_stops + part.deployments * mistaken.means * np.maximum(day, 0)
    low, high = quantile_interval(_ratios(stops, matches), LEVEL)
    seed = results[0].scenario.run.seed
    rows = np.arange(len(stops))
    first, second = (uniforms(seed, ASSUMPTION, rows, k) for k in _LUCK)
    drawn_stops = _poisson(lucky_stops, first)
    drawn_matches = _poisson(matches, second)
    luck_low, luck_high = counts_interval(_ratios(drawn_stops, drawn_matches), 100 * LEVEL)
    return (
        setting.name,
        setting.published,
        float(stops.mean() / matches.mean()),
        low,
        high,
        float(luck_low),
        float(luck_high),
        bool(low <= setting.published <= high),
    )


def _day_factors(result: Result) -> Floats:
    """Return a deployment's own rate of false alerts under each draw."""
    seed = result.scenario.run.seed
    return day_factors(seed, result.believed, result.values, len(result.drawn))


def _ratios(stops: Floats, matches: Floats) -> Floats:
    """Return the ratios of draws, infinite without any match, whether there were stops or not."""
    return np.where(matches > 0, ratios(stops, matches), np.inf)


def _poisson(mean: Floats, draw: Floats) -> Floats:
    return np.asarray(poisson.ppf(draw, mean), dtype=np.float64)


def _scenario(part: Part) -> Scenario:
    return load_scenario(part.scenario, settings=list(part.settings))
