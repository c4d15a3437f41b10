"""The published tables: deployments, trials, error rates, adjudication, census, footfall.

Each function returns a fresh copy of a table read once from the package's data. What a table's
columns mean, where it comes from and under which terms is in ``data/README.md``.

State:  the parsed tables, read once at first use and never changed.
Missing: ``pd.NA`` in whole-number columns, ``nan`` in others, never 0: a blank was not published.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import EvidenceError
from sim.groups import ETHNICITIES, product_shares

FootfallKind = Literal["weekday", "weekend", "flat"]
HOURS_A_DAY = 24

_DTYPES: dict[str, dict[str, str]] = {
    "deployments": {
        "id": "str",
        "place": "str",
        "hours": "float64",
        "threshold": "float64",
        "watchlist_size": "Int64",
        "faces_seen": "Int64",
        "alerts": "Int64",
        "true_alerts": "Int64",
        "false_alerts": "Int64",
        "true_alerts_engaged": "Int64",
        "false_alerts_engaged": "Int64",
        "arrests": "Int64",
        "source": "str",
    },
    "trials": {
        "id": "str",
        "force": "str",
        "place": "str",
        "watchlist_size": "Int64",
        "faces_seen": "Int64",
        "alerts": "Int64",
        "true_alerts": "Int64",
        "false_alerts": "Int64",
        "stops": "Int64",
        "false_stops": "Int64",
        "arrests": "Int64",
        "threshold": "str",
        "source": "str",
        "grade": "str",
        "note": "str",
    },
    "error_rates": {
        "system": "str",
        "test": "str",
        "year": "Int64",
        "metric": "str",
        "group": "str",
        "threshold": "str",
        "watchlist": "str",
        "value": "float64",
        "value_high": "float64",
        "events": "Int64",
        "out_of": "Int64",
        "source": "str",
        "grade": "str",
        "note": "str",
    },
    "adjudication": {
        "setting": "str",
        "period": "str",
        "false_alerts": "Int64",
        "false_alerts_stopped": "Int64",
        "false_alerts_per_shift": "float64",
        "grade": "str",
        "note": "str",
    },
    "census_2021": {
        "place": "str",
        "white": "float64",
        "black": "float64",
        "asian": "float64",
        "mixed": "float64",
        "other": "float64",
        "source": "str",
    },
    "compositions": {
        "name": "str",
        "attribute": "str",
        "label": "str",
        "share": "float64",
        "grade": "str",
        "source": "str",
    },
    "footfall_profiles": {"hour": "int64", "weekday": "float64", "weekend": "float64"},
}
_DATES: dict[str, list[str]] = {"deployments": ["date"], "trials": ["date_from", "date_to"]}


def deployments() -> pd.DataFrame:
    """Return the Metropolitan Police's own record, one row a deployment to the end of 2024.

    ``faces_seen_unreliable`` is True where the force's count of faces had another meaning (late
    January to late August 2024): use hours there, never faces.
    """
    table = _read("deployments").copy()
    table["faces_seen_unreliable"] = table["faces_seen_unreliable"].astype("bool")
    return table


def trials() -> pd.DataFrame:
    """Return trials, other forces and totals; never add these to the rows of ``deployments``."""
    return _read("trials").copy()


def error_rates() -> pd.DataFrame:
    """Return published detection and error rates of systems, one row a figure.

    ``value_high`` is the upper end where the source gives a range, else nan.
    """
    return _read("error_rates").copy()


def adjudication() -> pd.DataFrame:
    """Return how many false alerts became a stop, one row a setting, with the load a shift."""
    return _read("adjudication").copy()


def census() -> pd.DataFrame:
    """Return shares of residents in 2021 by broad ethnic heading, as printed, one row a place."""
    return _read("census_2021").copy()


def census_shares(place: str) -> dict[str, float]:
    """Return the shares of a place's residents by ``sim.groups.ETHNICITIES``, adding to 1.

    Residents are not passers-by, least of all in the West End.
    """
    table = _read("census_2021")
    row = table[table["place"] == place]
    if row.empty:
        raise EvidenceError(f"census: no place '{place}'; there are {', '.join(table['place'])}")
    printed = row[list(ETHNICITIES)].to_numpy(dtype=np.float64)[0]
    shares = printed / printed.sum()  # the printed shares are off 1 by their rounding
    return dict(zip(ETHNICITIES, shares.tolist(), strict=True))


def footfall_profile(kind: FootfallKind) -> NDArray[np.float64]:
    """Return the share of a day's footfall in each hour, ``(24,)`` from midnight, adding to 1."""
    if kind == "flat":
        return np.full(HOURS_A_DAY, 1 / HOURS_A_DAY)
    shares = _read("footfall_profiles")[kind].to_numpy(dtype=np.float64)
    return np.asarray(shares / shares.sum())


def composition_shares(name: str) -> NDArray[np.float64]:
    """Return the joint shares ``(40,)`` of the crowd or list that an anchor was measured on.

    name : "balanced", "street crowd" or "street list"
    """
    table = _read("compositions")
    shares = table[table["name"] == name].set_index(["attribute", "label"])["share"]
    if shares.empty:
        known = ", ".join(table["name"].unique())
        raise EvidenceError(f"compositions: no '{name}'; there are {known}")
    sex, ethnicity, age_band = (
        shares[attribute].to_dict() for attribute in ("sex", "ethnicity", "age_band")
    )
    return product_shares(sex, ethnicity, age_band)


@cache
def _read(name: str) -> pd.DataFrame:
    with files("sim.evidence").joinpath("data", f"{name}.csv").open(encoding="utf-8") as text:
        return pd.read_csv(text, dtype=_DTYPES[name], parse_dates=_DATES.get(name, []))
