"""A column cut into a few slices, so that an outcome can be averaged within each.

A column with few different values, or of names, has a slice a value; any other has slices with
equally many rows, by rank.

State: none.
Shapes: one row a point of a study, (n,).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MOST_VALUES = 8  # with more different numbers than that, a column is cut by rank
SLICES = 5


@dataclass(frozen=True, slots=True)
class Slices:
    """A column in slices.

    code   : (n,) number of each row's slice, from 0 at the low end
    labels : what stands for each slice: its value, or its median
    is_cut : slices hold a range of values each, not one value
    is_ordered : a later slice has larger values; not so for names
    """

    code: Ints
    labels: tuple[object, ...]
    is_cut: bool
    is_ordered: bool

    @property
    def count(self) -> int:
        """How many slices there are."""
        return len(self.labels)


def slices_of(column: pd.Series, *, most: int = SLICES) -> Slices:
    """Return a column in slices; ``most`` of them if it is cut by rank."""
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not is_number or column.nunique() <= MOST_VALUES:
        found, code = np.unique(
            column.to_numpy() if is_number else column.astype(str).to_numpy(dtype=object),
            return_inverse=True,
        )
        labels = tuple(value.item() if isinstance(value, np.generic) else value for value in found)
        return Slices(code.astype(np.int64), labels, is_cut=False, is_ordered=is_number)
    values = column.to_numpy(dtype=np.float64)
    # By rank among the different values' rows: rows with one value stay together.
    share = (pd.Series(values).rank(method="average").to_numpy() - 0.5) / len(values)
    _, code = np.unique(np.minimum((share * most).astype(np.int64), most - 1), return_inverse=True)
    medians = [float(np.median(values[code == place])) for place in range(int(code.max()) + 1)]
    return Slices(code.astype(np.int64), tuple(medians), is_cut=True, is_ordered=True)
