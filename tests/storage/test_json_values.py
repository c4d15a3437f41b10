"""Whatever an answer holds comes out as JSON knows it."""

import json
from dataclasses import dataclass
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest

from sim.storage.json_values import json_number, json_value


@dataclass(frozen=True, slots=True)
class Found:
    file: Path
    share: float
    places: tuple[int, ...]


def test_numbers_that_are_none_are_null_and_the_rest_keeps_its_digits():
    assert json_number(1 / 3) == 1 / 3
    assert json_number(1 / 3, 3) == 0.333
    assert json_number(nan) is json_number(inf) is json_number(-inf) is None


def test_every_kind_of_value_is_taken_with_all_that_it_holds():
    found = json_value(
        {
            "one": Found(Path("a/b"), nan, (1, 2)),
            "array": np.array([[1.5, inf]]),
            "scalars": [np.int64(3), np.float64(0.1), np.bool_(True)],
            3: None,
        }
    )
    assert found == {
        "one": {"file": "a/b", "share": None, "places": [1, 2]},
        "array": [[1.5, None]],
        "scalars": [3, 0.1, True],
        "3": None,
    }
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_digits_are_cut_all_the_way_down():
    assert json_value({"a": [1 / 3, (2 / 3,)]}, 2) == {"a": [0.33, [0.67]]}


def test_what_is_no_json_is_refused():
    with pytest.raises(TypeError, match="set is no JSON"):
        json_value({"a": {1}})
