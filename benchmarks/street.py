"""Speed of the walk against its peers, as ratios taken in one run.

Same crowd, same model, same cut-off and time step; medians of CPU time of one core, over pairs
timed one after the other, so that a busy machine slows both. The positions after the timed steps
are compared as well: a ratio between different models would mean nothing.

    python benchmarks/street.py [--quick] [--no-year] [--json] [--pairs N]

``--quick`` (under a minute): the bare movement and the sight lines; ``real_load``, ``year_*``,
``walk_vs_movement`` and ``scaling_exponent`` are null. Needs the extra ``benchmark``: JuPedSim is
never a dependency. ``--no-year`` leaves out the year, which keeps two cores busy for five minutes;
``year_*`` are null. Without a C compiler ``movement_vs_c`` is null.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from parts import c_loop, crowds, real_load, whole_walk, year
from parts.jupedsim_walk import run_jupedsim
from parts.mesa_walk import run_mesa

CASES = [(500, 0.5), (10_000, 0.5), (500, 2.0), (10_000, 2.0)]
ALSO = [(30, 0.05), (100, 0.14)]  # a real street's load; shown, not among the smallest ratios
SCALING_PEOPLE = (1_000, 3_000, 10_000, 30_000, 100_000)
SCALING_DENSITY = 0.5  # 1/m2
FINDS = ("movement_vs_jupedsim", "movement_vs_mesa", "movement_vs_c")


@dataclass(frozen=True, slots=True)
class Ratio:
    """Median ratio of speeds over the pairs, ours to the peer's, with its range."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return it as text."""
        digits = 2 if self.median < 10 else 1
        return f"{self.median:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """Return the ratio of paired rates."""
    each = [a / b for a, b in zip(ours, theirs, strict=True)]
    return Ratio(statistics.median(each), min(each), max(each))


def movement_case(people: int, density: float, pairs: int, variants: list[c_loop.Variant]) -> dict:
    """Time the bare movement of one crowd by every program."""
    rates: dict[str, list[float]] = {"ours": [], "jupedsim": [], "mesa": [], "c": []}
    apart, apart_c = [], []
    way = None
    for pair in range(pairs):
        start = crowds.jittered_start(people, density, np.random.default_rng([people, pair]))
        if variants and way is None:
            way = c_loop.fastest(start, variants)
        ours, theirs = crowds.run_ours(start), run_jupedsim(start)
        rates["ours"].append(ours.rate)
        rates["jupedsim"].append(theirs.rate)
        apart.append(np.linalg.norm(ours.places - theirs.places, axis=1))
        rates["mesa"].append(run_mesa(start).rate)
        if way is not None:
            # Ours once more beside it: C and ours are close, and the machine's speed drifts.
            ours, loop = crowds.run_ours(start), c_loop.run_c(start, way)
            rates["c"].append(loop.rate * rates["ours"][-1] / ours.rate)
            apart_c.append(np.linalg.norm(ours.places - loop.places, axis=1))
    return {
        "people": people,
        "density_per_m2": density,
        "ours_million_agent_steps_per_s": statistics.median(rates["ours"]) / 1e6,
        "vs_jupedsim": asdict(ratio(rates["ours"], rates["jupedsim"])),
        "vs_mesa": asdict(ratio(rates["ours"], rates["mesa"])),
        "vs_c": asdict(ratio(rates["ours"], rates["c"])) if rates["c"] else None,
        "c_variant": None if way is None else str(way),
        "difference_median_m": float(np.median(apart)),
        "difference_max_m": float(np.max(apart)),
        "difference_c_max_m": float(np.max(apart_c)) if apart_c else None,
        "pairs": pairs,
    }


def real_case(people: int, pairs: int) -> dict:
    """Time one real load by every program."""
    rates: dict[str, list[float]] = {"ours": [], "jupedsim": [], "mesa": []}
    spent, present = [], 0.0
    for pair in range(pairs):
        scenario = real_load.load(people, seed=pair + 1)
        ours, street = real_load.run_ours(scenario)
        came = real_load.arrivals_of(street)
        spent.append(ours.cpu_s)
        rates["ours"].append(ours.rate)
        rates["jupedsim"].append(real_load.run_jupedsim(came).rate)
        rates["mesa"].append(real_load.run_mesa(real_load.at_its_fullest(scenario), came).rate)
        present = ours.agent_steps * crowds.DT / (real_load.HOURS * 3600)
    return {
        "people": people,
        "mean_present": present,
        "ours_cpu_s": statistics.median(spent),
        "ours_million_agent_steps_per_s": statistics.median(rates["ours"]),
        "vs_jupedsim": asdict(ratio(rates["ours"], rates["jupedsim"])),
        "vs_mesa": asdict(ratio(rates["ours"], rates["mesa"])),
        "pairs": pairs,
    }


def whole_case(people: int, pairs: int) -> dict:
    """Time the whole walk beside the bare movement of the same people."""
    found = [whole_walk.walk_vs_movement(people) for _ in range(pairs)]
    each = sorted(ratio for ratio, _, _ in found)
    return {
        "people": people,
        "ratio": asdict(Ratio(statistics.median(each), each[0], each[-1])),
        "walk_million_agent_steps_per_s": statistics.median(walk for _, walk, _ in found),
        "movement_million_agent_steps_per_s": statistics.median(bare for _, _, bare in found),
    }


def scaling(pairs: int) -> dict:
    """Fit CPU time of a step = constant x people ** exponent, at fixed density."""
    seconds = []
    for people in SCALING_PEOPLE:
        start = crowds.jittered_start(people, SCALING_DENSITY, np.random.default_rng(people))
        seconds.append(
            statistics.median(people / crowds.run_ours(start).rate for _ in range(pairs))
        )
    exponent = np.polyfit(np.log(SCALING_PEOPLE), np.log(seconds), 1)[0]
    return {
        "exponent": float(exponent),
        "people": list(SCALING_PEOPLE),
        "step_ms": [1e3 * second for second in seconds],
    }


def measure(*, quick: bool, with_year: bool, pairs: int) -> dict:
    """Return everything measured; None where something is left out."""
    variants = c_loop.compiled()
    if not variants:
        print(c_loop.NO_COMPILER, file=sys.stderr)
    warm = crowds.jittered_start(100, 0.5, np.random.default_rng(0))
    crowds.run_ours(warm)  # compiles
    cases = [movement_case(*case, pairs, variants) for case in (*CASES, *ALSO)]
    judged = cases[: len(CASES)]
    frames = {
        str(people): statistics.median(whole_walk.frame_us(people) for _ in range(pairs))
        for people in whole_walk.IN_ZONE
    }
    real = whole = growth = a_year = None
    if not quick:
        real = [real_case(people, min(pairs, 3)) for people in real_load.LOADS]
        whole = [whole_case(people, pairs) for people in real_load.LOADS]
        growth = scaling(pairs)
    if with_year:
        a_year = asdict(year.walk_year())
    found = {
        find: min(case[key]["median"] for case in judged) if judged[0][key] else None
        for find, key in zip(FINDS, ("vs_jupedsim", "vs_mesa", "vs_c"), strict=True)
    }
    return {
        **found,
        "real_load_vs_jupedsim": real and min(case["vs_jupedsim"]["median"] for case in real),
        "real_load_vs_mesa": real and min(case["vs_mesa"]["median"] for case in real),
        "walk_vs_movement": whole and max(case["ratio"]["median"] for case in whole),
        "scaling_exponent": growth and growth["exponent"],
        "frame_us": frames,
        "year_minutes": a_year and a_year["minutes"],
        "year_peak_mib": a_year and a_year["peak_mib"],
        "movement": cases,
        "real_load": real,
        "whole_walk": whole,
        "scaling": growth,
        "year": a_year,
    }


def show(found: dict) -> None:
    """Print what was measured."""
    print("Bare movement, cut-off 3 m: times as fast as the peer, median (lowest to highest)")
    print(" people  per m2  M agent-steps/s  JuPedSim 1.4.2        plain Mesa            C loop")
    for case in found["movement"]:
        texts = [
            str(Ratio(**case[key])) if case[key] else "-"
            for key in ("vs_jupedsim", "vs_mesa", "vs_c")
        ]
        print(
            f"{case['people']:7,d}  {case['density_per_m2']:6.2f}"
            f"  {case['ours_million_agent_steps_per_s']:15.2f}"
            f"  {texts[0]:20s}  {texts[1]:20s}  {texts[2]}"
        )
        print(
            f"         positions after {crowds.STEPS} steps: JuPedSim's differ by"
            f" {case['difference_median_m']:.0e} m (median), {case['difference_max_m']:.0e} m at"
            f" most; fastest C: {case['c_variant']}"
        )
    frames = ", ".join(f"{people}: {us:.2f}" for people, us in found["frame_us"].items())
    print(f"Sight lines, microseconds a frame, by people in the zone: {frames}")
    if found["real_load"] is None:
        return
    print("Six hours of a street, cameras on our side only")
    for case in found["real_load"]:
        print(
            f"{case['people']:7,d} people ({case['mean_present']:.0f} at once):"
            f" {case['ours_cpu_s']:.1f} s CPU; JuPedSim {Ratio(**case['vs_jupedsim'])},"
            f" plain Mesa {Ratio(**case['vs_mesa'])}"
        )
    for case in found["whole_walk"]:
        print(
            f"Whole walk over bare movement, {case['people']:,d} people: {Ratio(**case['ratio'])}"
        )
    print(f"Cost grows as people to the power of {found['scaling_exponent']:.3f}")
    done = found["year"]
    if done is None:
        return
    print(
        f"A year: {done['people']:,d} people in {done['deployments']} deployments walked and"
        f" watched in {done['minutes']:.1f} minutes"
        f" ({done['cpu_minutes_a_core']:.1f} minutes of CPU a core):"
        f" {done['people_a_second']:,.0f} people a second, peak {done['peak_mib']:.0f} MiB,"
        f" {done['compilations_in_workers']} compilations in workers"
    )


def main() -> int:
    """Print the table, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the kernel cases: under a minute")
    parser.add_argument("--no-year", action="store_true", help="all but the year")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--pairs", type=int, help="pairs a case (5; 3 with --quick)")
    arguments = parser.parse_args()
    found = measure(
        quick=arguments.quick,
        with_year=not (arguments.quick or arguments.no_year),
        pairs=arguments.pairs or (3 if arguments.quick else 5),
    )
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        show(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
