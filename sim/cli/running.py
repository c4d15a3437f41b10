"""Commands that walk a street: check, run, compare, capture, replay.

State: none.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.common import (
    SOME_FAILED,
    AsJson,
    Quiet,
    ScenarioPath,
    Seed,
    Settings,
    Yes,
    app,
    ask_about_cost,
    load,
    print_json,
    print_rich,
)
from sim.errors import ScenarioError, SimError


@app.command()
def check(
    scenarios: Annotated[list[Path], typer.Argument(help="scenario files or shipped names")],
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Read scenarios without running them: faults, warnings, cost of a run."""
    from sim.scenario.advice import run_cost, scenario_warnings
    from sim.scenario.identity import scenario_hash

    rows: list[dict[str, Any]] = []
    faults: list[str] = []
    for path in scenarios:
        try:
            scenario = load(path, settings, None)
        except ScenarioError as error:
            faults += error.faults
            continue
        cost = run_cost(scenario)
        rows.append(
            {
                "scenario": scenario.name,
                "hash": scenario_hash(scenario),
                "people": round(cost.people),
                "cpu_s": round(cost.cpu_s),
                "memory_mib": round(cost.memory_mib),
                "warnings": scenario_warnings(scenario),
            }
        )
    if as_json:
        print_json(rows)
    for row in rows if not as_json else ():
        typer.echo(
            f"{row['scenario']}: sound, hash {row['hash']}, about {row['people']:,} people, "
            f"{row['cpu_s']} s, {row['memory_mib']} MiB"
        )
        for warning in row["warnings"]:
            typer.echo(f"{row['scenario']}: warning: {warning}", err=True)
    if faults:
        raise ScenarioError(faults)


@app.command()
def run(
    scenario: ScenarioPath,
    settings: Settings = None,
    seed: Seed = None,
    out: Annotated[Path | None, typer.Option(help="write all tables into this folder")] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="also: which numbers the headline leans on")
    ] = False,
    trace_walk: Annotated[
        bool, typer.Option("--trace-walk", help="those of the walk too: walks again for each")
    ] = False,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="also by group: sex, ethnicity, age_band; several: together"),
    ] = None,
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Run one scenario: false stops per true match, and for whom."""
    from sim.answer.by_group import checked_headings
    from sim.answer.report import as_json as answer_of
    from sim.answer.result import simulate
    from sim.words.progress import with_progress

    chosen = load(scenario, settings, seed)
    headings = checked_headings(by) if by else ()
    ask_about_cost([chosen], yes=yes)
    if out is not None:
        from sim.answer.results_folder import prepare_folder

        prepare_folder(out)
    result = with_progress(lambda tell: simulate(chosen, progress=tell), quiet=quiet)
    answer = answer_of(result, by=headings)
    moved = None
    if trace or trace_walk:
        from sim.answer.trace import as_rows
        from sim.answer.trace import trace as trace_of

        moved = with_progress(
            lambda tell: trace_of(result, walk_again=trace_walk, progress=tell), quiet=quiet
        )
        answer["trace"] = as_rows(moved)
    if out is not None:
        from sim.answer.results_folder import write_result
        from sim.printing.drawings import trace_files
        from sim.storage.provenance import provenance_of_scenarios

        headline = answer["false_stops_per_true_match"]["estimate"]
        origin = provenance_of_scenarios([chosen])
        also = None
        if moved is not None:
            also = trace_files(moved, headline, chosen.title, provenance=origin)
        write_result(result, out, also=also)
        typer.echo(f"tables written to {out}", err=True)
    if as_json:
        print_json(answer)
    else:
        from sim.words.answer_tables import result_tables

        print_rich(result_tables(answer))
        if moved is not None:
            from sim.words.trace import trace_table

            headline = answer["false_stops_per_true_match"]["estimate"]
            print_rich(trace_table(answer["trace"], headline))


@app.command()
def compare(
    scenarios: Annotated[list[Path], typer.Argument(help="two or more; the first is the baseline")],
    settings: Settings = None,
    seed: Seed = None,
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios on the same people: what changed and what it does."""
    from sim.answer.comparison import comparison
    from sim.answer.several import simulate_same_people
    from sim.words.progress import with_progress

    if len(scenarios) < 2:
        raise SimError("compare needs two scenarios or more; the first is the baseline")
    chosen = [load(path, settings, seed) for path in scenarios]
    ask_about_cost(chosen, yes=yes)
    results, failures = with_progress(
        lambda tell: simulate_same_people(chosen, progress=tell), quiet=quiet
    )
    answer = comparison(results, failures)
    if as_json:
        print_json(answer)
    else:
        from sim.words.comparison import comparison_tables

        print_rich(comparison_tables(answer))
    for failure in failures:
        typer.echo(f"error: {failure.scenario} failed: {failure.reason}", err=True)
    if failures:
        raise typer.Exit(SOME_FAILED)


@app.command()
def capture(
    scenario: ScenarioPath,
    settings: Settings = None,
    heights: Annotated[
        str | None, typer.Option(metavar="M,M", help="other camera heights: 2.5,5")
    ] = None,
    distances: Annotated[
        str | None, typer.Option(metavar="M,M", help="look at people so far away: 5,10,15")
    ] = None,
    densities: Annotated[
        str | None, typer.Option(metavar="D,D", help="people a square metre: 0.5,1,2")
    ] = None,
    people: Annotated[int, typer.Option(help="about how many walk past at each density")] = 2000,
    seed: Seed = None,
    out: Annotated[Path | None, typer.Option(help="the plot: .svg, .png, .pdf or .html")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show whose face is captured against crowd density, by sex and age; write a plot."""
    from sim.charts.capture import TITLE, capture_figure, describe
    from sim.charts.theme import checked_plot, write_figure
    from sim.crowding.camera_settings import numbers
    from sim.crowding.capture import CLEAR, capture_study
    from sim.crowding.capture_answer import capture_answer
    from sim.storage.provenance import provenance_of_scenarios
    from sim.words.progress import with_progress

    chosen = load(scenario, settings, seed)
    plot = checked_plot(Path(f"{chosen.name}-capture.svg") if out is None else out)
    study = with_progress(
        lambda tell: capture_study(
            chosen,
            heights_m=None if heights is None else numbers(heights, "--heights"),
            distances_m=None if distances is None else numbers(distances, "--distances"),
            densities_per_m2=None if densities is None else numbers(densities, "--densities"),
            people=people,
            progress=tell,
        ),
        quiet=quiet,
    )
    answer = capture_answer(study)
    figure = capture_figure(study.table, study.standing, measure=CLEAR)
    description = describe(study.table, measure=CLEAR)
    replaced = plot.exists()
    asked = {"heights": heights, "distances": distances, "densities": densities, "people": people}
    write_figure(
        figure,
        plot,
        title=f"{chosen.title}. {TITLE}",
        description=description,
        provenance=provenance_of_scenarios([chosen], study="capture", options=asked),
    )
    typer.echo(f"plot written to {plot}{' (replaced)' if replaced else ''}", err=True)
    if as_json:
        print_json(answer)
    else:
        from sim.words.capture import capture_tables

        print_rich(capture_tables(answer))


@app.command()
def replay(
    scenario: ScenarioPath,
    out: Annotated[Path | None, typer.Option(help="the file to write: walk.parquet")] = None,
    from_minute: Annotated[
        float, typer.Option(min=0.0, help="begin so long after the cameras start")
    ] = 0.0,
    minutes: Annotated[float, typer.Option(help="record so long")] = 10.0,
    rate: Annotated[float, typer.Option(help="frames a second")] = 10.0,
    draw: Annotated[
        int | None,
        typer.Option(min=0, help="response draw; default: the first with an alert in the window"),
    ] = None,
    settings: Settings = None,
    seed: Seed = None,
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Record minutes of a walk in a file to play."""
    if scenario.suffix.lower() == ".zip":
        raise SimError(f"{scenario}: a capsule is run again with 'passerby rerun {scenario}'")
    from sim.playback.recording import record_replay, window_s
    from sim.words.progress import with_progress

    if out is None:
        raise SimError("replay needs --out, the file to write, such as walk.parquet")
    chosen = load(scenario, settings, seed)
    ask_about_cost([chosen], yes=yes)
    from_s, to_s = window_s(from_minute, minutes)
    written = with_progress(
        lambda tell: record_replay(
            chosen, out, from_s=from_s, to_s=to_s, rate_hz=rate, draw=draw, progress=tell
        ),
        quiet=quiet,
    )
    if as_json:
        print_json(written.as_json())
    else:
        typer.echo(written.sentence())
