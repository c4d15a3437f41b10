"""Several runs: one walk for those that share a street, and a failed run is a row, not the end.

State: none but the passages held while the runs go on.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sim.answer.result import Progress, Result, simulate
from sim.errors import SimError
from sim.model.passages import Passages
from sim.scenario.identity import walk_hash
from sim.scenario.schema import Scenario

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed: its scenario and the reason."""

    scenario: str
    reason: str


def simulate_same_people(
    scenarios: Sequence[Scenario], *, progress: Progress | None = None
) -> tuple[list[Result], list[Failure]]:
    """Simulate several scenarios, in order; those that share a street walk it once.

    The first is what the others are compared with: if it fails, its exception goes through, and
    so does what the user can mend. Any other failure is returned beside the results.
    """
    walked: dict[str, Passages] = {}
    results: list[Result] = []
    failures: list[Failure] = []
    for scenario in scenarios:
        key = walk_hash(scenario)
        try:
            result = simulate(scenario, passages=walked.get(key), progress=progress)
        except SimError:
            raise
        except Exception as error:
            if not results:
                raise
            log.warning("run of %s failed", scenario.name, exc_info=True)
            reason = f"{type(error).__name__}: {error}"
            failures.append(Failure(scenario.name, reason))
            continue
        walked[key] = result.passages
        results.append(result)
    return results, failures
