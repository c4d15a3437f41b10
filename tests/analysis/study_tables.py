"""Tables as a study leaves them, made from a function whose sensitivity is known."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col

Floats = NDArray[np.float64]


def study_table(
    design: Floats,
    logarithm: Callable[[Floats], Floats],
    *,
    names: Sequence[str],
    outcome: str = col.MISTAKEN_STOPS,
    replications: int = 2,
    noise: float = 0.0,
    day: float = 0.0,
    shared: bool = True,
    seed: int = 5,
) -> pd.DataFrame:
    """Return one row a point and replication; the outcome's logarithm is a function of the design.

    noise, day : standard deviation of a run's own noise, and of what a day does to all points
    """
    rng = np.random.default_rng(seed)
    count = len(design)
    parts = []
    for replication in range(replications):
        logs = logarithm(design) + noise * rng.standard_normal(count) + day * rng.standard_normal()
        parts.append(
            pd.DataFrame(
                {
                    col.POINT: np.arange(count),
                    **{name: design[:, place] for place, name in enumerate(names)},
                    col.REPLICATION: replication,
                    col.SEED: replication if shared else np.arange(count) * 1000 + replication,
                    col.STATUS: "done",
                    col.REASON: "",
                    outcome: np.exp(logs),
                }
            )
        )
    return pd.concat(parts).sort_values([col.POINT, col.REPLICATION]).reset_index(drop=True)


def problem(names: Sequence[str]) -> dict[str, object]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def saltelli(names: Sequence[str], points: int, *, second_order: bool = False) -> Floats:
    from SALib.sample import sobol

    return np.asarray(
        sobol.sample(problem(names), points, calc_second_order=second_order, scramble=True, seed=11)
    )


def trajectories(names: Sequence[str], count: int) -> Floats:
    from SALib.sample import morris

    return np.asarray(morris.sample(problem(names), count, num_levels=4, seed=11))
