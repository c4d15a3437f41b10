"""From a scenario to its answer: one engine behind every surface.

A *walked street* answers many scenarios on the same people; each answer is a ``Result``: what is
expected of the policy under every draw of what is not known, from which all counts, ratios, groups
and intervals follow. ``simulate`` walks first. The command line, the page, a study and a lesson
all come through here.

State:  ``AnsweringStreet`` keeps what it has worked out for the walk; a ``Result`` is read-only.
Shapes: draws of the assumptions are rows ``(j,)``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.analysis.outcomes import Spread, amount_spread
from sim.answer import by_group, counts, report
from sim.answer.assumption_draws import drawn_beliefs
from sim.answer.expected import Expected
from sim.answer.policy_draws import PolicyDraws, policy_draws
from sim.answer.policy_score import played_stops
from sim.answer.street_facts import walk_warnings
from sim.answer.walked_street import WalkedStreet
from sim.errors import SimError
from sim.model.passages import Passages
from sim.model.presence import Catch
from sim.model.shift_draws import ShiftDraws, shift_draws
from sim.model.street import Street
from sim.scenario.advice import scenario_warnings
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.identity import walk_hash
from sim.scenario.schema import Scenario
from sim.words.headline import headline

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

ERROR_MODELS = ("npl-2023", "met-street", "trials-2016-2019")
_BELIEFS_KEPT = 8  # sets of draws of the assumptions that a street keeps
_SHOWN = (col.FALSE_ALERTS, col.TRUE_ALERTS, "mistaken", "correct", "arrests", "per_true_match")


@dataclass(frozen=True)
class Result:
    """The answer to one scenario; every table and sentence is made of it.

    >>> from sim import load_scenario, simulate
    >>> result = simulate(load_scenario("pavement", settings=["policy.hours=0.2"]))
    >>> result.by("sex")[["sex", "false_stops_per_true_match"]].shape
    (2, 2)
    >>> result.headline.endswith(".")
    True

    drawn  : what is expected under each draw of the assumptions
    values : entry of the register -> (j,) what was drawn
    """

    scenario: Scenario
    street: WalkedStreet
    drawn: PolicyDraws
    values: Mapping[str, Floats]

    def __repr__(self) -> str:
        """Return the headline and the numbers behind it, short enough for a prompt."""
        rows = self.summary().set_index(col.MEASURE).loc[list(_SHOWN)]
        lines = [
            f"{name:>16} {row[col.ESTIMATE]:>10.3g} ({row[col.LOW]:.3g} to {row[col.HIGH]:.3g})"
            for name, row in rows.iterrows()
        ]
        return "\n".join([f"Result of {self.scenario.name}", self.headline, *lines])

    def _repr_html_(self) -> str:
        """Return the headline and the summary for a notebook."""
        table = self.summary().set_index(col.MEASURE)[[col.ESTIMATE, col.LOW, col.HIGH, col.UNIT]]
        title, headline = escape(self.scenario.title), escape(self.headline)
        return f"<h4>{title}</h4><p>{headline}</p>{table.to_html(float_format='{:.3g}'.format)}"

    def __getstate__(self) -> dict[str, Any]:
        """Return the answer alone: what follows from it is worked out again."""
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take the answer back."""
        self.__dict__.update(state)

    @property
    def level(self) -> float:
        """Level of every interval of this result."""
        return self.scenario.run.interval_level

    @property
    def passages(self) -> Passages:
        """What the walk left behind."""
        return self.street.passages

    @cached_property
    def believed(self) -> Beliefs:
        """What the scenario believes, at the register's central values."""
        return beliefs(self.scenario)

    @cached_property
    def expected(self) -> Expected:
        """What is expected: the mean over the draws of the assumptions."""
        return self.drawn.mean

    @cached_property
    def counted(self) -> dict[str, counts.Count]:
        """Every count, with its luck and with its mean under each draw."""
        return counts.counts(self.drawn, self.scenario.run.seed)

    @cached_property
    def spreads(self) -> dict[str, Spread]:
        """Every count with its spreads, and mistaken stops by the four denominators."""
        seed, faces = self.scenario.run.seed, float(self.drawn.faces.sum())
        day = counts.day_factors(seed, self.believed, self.values, len(self.drawn))
        return counts.spreads(self.counted, faces=faces, day=day, seed=seed, level=self.level)

    @cached_property
    def witnesses(self) -> Spread:
        """People near enough to see a stop, equation R10: a mean over stops, times the stops."""
        stops, pursued = played_stops(self.street, self.scenario, self.believed)
        radius, presence = self.believed.value("response.witness_radius_m"), self.street.presence
        seen = [
            presence.near(person, at=Catch(at_s, *presence.position(person, at_s)), radius_m=radius)
            for person, at_s in zip(stops.person.tolist(), stops.time_s.tolist(), strict=True)
        ]
        counted = (self.counted["mistaken"] + self.counted["correct"]).times(
            float(np.average(seen, weights=pursued)) if pursued.any() else 0.0
        )
        return amount_spread(counted.sampled, counted.means, self.level)

    @cached_property
    def by_error_model(self) -> dict[str, Expected]:
        """What each error model expects on the same passages, each over draws of its own."""
        found = {}
        for name in ERROR_MODELS:
            if name == self.believed.error_model:
                found[name] = self.expected
                continue
            other = self.believed.with_error_model(name)
            _, drawn = drawn_beliefs(other, self.scenario)
            found[name] = policy_draws(self.street, self.scenario, drawn).mean
        return found

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know: where scenario or walk leave what was tested."""
        told = walk_warnings(self.scenario, self.passages)
        return (*scenario_warnings(self.scenario), *told)

    @cached_property
    def headline(self) -> str:
        """The answer in one sentence, the same on every surface."""
        return headline(report.answer_json(self))

    def shifts(self) -> ShiftDraws:
        """Return the story: shifts drawn and played one by one, with what became of each alert."""
        return shift_draws(self.scenario, self.passages)

    def summary(self) -> pd.DataFrame:
        """Return the tidy summary: one row a measure with estimate, interval and unit."""
        return report.summary(self)

    def by(self, *headings: str) -> pd.DataFrame:
        """Return one row a group: who is scanned, matched and stopped, with intervals.

        headings : one or more of "sex", "ethnicity" and "age_band"

        ``false_stops_per_true_match`` and its ends are of that group alone; missing where nobody
        of the group is ever rightly matched.
        """
        return by_group.groups(self.drawn, self.level, headings)


class AnsweringStreet:
    """One walk that answers many scenarios, each on the same people and the same draws."""

    def __init__(self, scenario: Scenario, passages: Passages) -> None:
        self.walk = walk_hash(scenario)
        self.street = WalkedStreet(scenario, passages)
        self._drawn: dict[str, tuple[dict[str, Floats], list[Beliefs]]] = {}
        self._lock = Lock()  # many visitors may ask one street

    def answer(self, scenario: Scenario) -> Result:
        """Return the answer for a scenario of this walk; others are refused."""
        if walk_hash(scenario) != self.walk:
            raise SimError(f"{scenario.name}: this street has to be walked anew for that")
        run = scenario.run
        key = f"{scenario.assumptions.model_dump_json()}/{run.seed}/{run.assumption_draws}"
        with self._lock:
            if key not in self._drawn:
                if len(self._drawn) >= _BELIEFS_KEPT:
                    self._drawn.pop(next(iter(self._drawn)))
                self._drawn[key] = drawn_beliefs(beliefs(scenario), scenario)
            values, drawn = self._drawn[key]
            return Result(scenario, self.street, policy_draws(self.street, scenario, drawn), values)


def simulate(
    scenario: Scenario, *, passages: Passages | None = None, progress: Progress | None = None
) -> Result:
    """Walk the scenario's street and answer it.

    passages : of a walk that this scenario shares (``walk_hash`` equal), to save walking again
    progress : hears (what is done, share done)

    >>> from sim import load_scenario, simulate
    >>> result = simulate(load_scenario("pavement", settings=["policy.hours=0.2"]))
    >>> summary = result.summary().set_index("measure")
    >>> bool(summary.loc["mistaken", "low"] <= summary.loc["mistaken", "estimate"])
    True
    """

    def tell(what: str, share: float) -> None:
        if progress is not None:
            progress(what, share)

    if passages is None:
        passages = Street(scenario).walk(lambda share: tell("walking", share))
    tell("walking", 1.0)
    tell("scoring", 0.0)
    result = AnsweringStreet(scenario, passages).answer(scenario)
    tell("scoring", 1.0)
    return result
