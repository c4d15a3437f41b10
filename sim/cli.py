"""The command line: commands, exit codes and nothing else.

Exit status: 0 done, 2 the input is at fault, 3 some runs failed, 130 interrupted, 1 a fault of
ours. Results go to stdout; progress (on a terminal only) and messages to stderr. Heavy modules
are imported by the command that needs them, so that ``--help`` answers at once.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

import json
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.errors import CostError, ScenarioError, SimError

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

DONE, OUR_FAULT, INPUT_AT_FAULT, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="passerby",
    help="False stops per true match of police live facial recognition, simulated.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ScenarioPath = Annotated[Path, typer.Argument(help="a scenario file, or the name of a shipped one")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="change a field: policy.threshold=0.62"),
]
Seed = Annotated[int | None, typer.Option(min=0, help="replaces run.seed")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, for machines")]
LARGE_RUN_PEOPLE = 2_000_000

Yes = Annotated[bool, typer.Option("--yes", help="go on although the run is large")]
Quiet = Annotated[bool, typer.Option("--quiet", help="no progress on stderr")]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="print the version")] = False,
) -> None:
    if version:
        from sim import __version__

        typer.echo(f"passerby {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


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
            scenario = _load(path, settings, None)
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
        _print_json(rows)
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
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Run one scenario: false stops per true match, and for whom."""
    from sim.briefing.progress import with_progress
    from sim.experiments.report import as_json as answer_of
    from sim.experiments.single import simulate

    chosen = _load(scenario, settings, seed)
    _ask_about_cost([chosen], yes=yes)
    if out is not None:
        from sim.experiments.store import prepare_folder

        prepare_folder(out)
    result = with_progress(lambda tell: simulate(chosen, progress=tell), quiet=quiet)
    answer = answer_of(result)
    moved = None
    if trace or trace_walk:
        from sim.experiments.trace import as_rows
        from sim.experiments.trace import trace as trace_of

        moved = with_progress(
            lambda tell: trace_of(result, walk_again=trace_walk, progress=tell), quiet=quiet
        )
        answer["trace"] = as_rows(moved)
    if out is not None:
        from sim.briefing.drawing import trace_files
        from sim.experiments.store import write_result

        headline = answer["false_stops_per_true_match"]["estimate"]
        also = None if moved is None else trace_files(moved, headline, chosen.title)
        write_result(result, out, also=also)
        typer.echo(f"tables written to {out}", err=True)
    if as_json:
        _print_json(answer)
    else:
        from sim.briefing.terminal import result_tables

        _print_rich(result_tables(answer))
        if moved is not None:
            from sim.briefing.tracing import trace_table

            headline = answer["false_stops_per_true_match"]["estimate"]
            _print_rich(trace_table(answer["trace"], headline))


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
    from sim.briefing.progress import with_progress
    from sim.experiments.comparison import comparison
    from sim.experiments.runner import simulate_same_people

    if len(scenarios) < 2:
        raise SimError("compare needs two scenarios or more; the first is the baseline")
    chosen = [_load(path, settings, seed) for path in scenarios]
    _ask_about_cost(chosen, yes=yes)
    results, failures = with_progress(
        lambda tell: simulate_same_people(chosen, progress=tell), quiet=quiet
    )
    answer = comparison(results, failures)
    if as_json:
        _print_json(answer)
    else:
        from sim.briefing.comparing import comparison_tables

        _print_rich(comparison_tables(answer))
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
    from sim.briefing.progress import with_progress
    from sim.charts.capture import TITLE, capture_figure, describe
    from sim.charts.theme import checked_plot, write_figure
    from sim.experiments.capture import CLEAR, capture_answer, capture_study
    from sim.experiments.capture_settings import numbers

    chosen = _load(scenario, settings, seed)
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
    write_figure(figure, plot, title=f"{chosen.title}. {TITLE}", description=description)
    typer.echo(f"plot written to {plot}{' (replaced)' if replaced else ''}", err=True)
    if as_json:
        _print_json(answer)
    else:
        from sim.briefing.capturing import capture_tables

        _print_rich(capture_tables(answer))


@app.command()
def replay(
    scenario: ScenarioPath,
    out: Annotated[Path, typer.Option(help="the file to write: walk.parquet")],
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
    """Record some minutes of a walk, seen from above, in a file to play or to measure."""
    from sim.briefing.progress import with_progress
    from sim.experiments.replay import record_replay, window_s

    chosen = _load(scenario, settings, seed)
    _ask_about_cost([chosen], yes=yes)
    from_s, to_s = window_s(from_minute, minutes)
    written = with_progress(
        lambda tell: record_replay(
            chosen, out, from_s=from_s, to_s=to_s, rate_hz=rate, draw=draw, progress=tell
        ),
        quiet=quiet,
    )
    if as_json:
        _print_json(written.as_json())
    else:
        typer.echo(written.sentence())


@app.command()
def record(
    train: Annotated[Path | None, typer.Option(help="learn from this table of deployments")] = None,
    test: Annotated[Path | None, typer.Option(help="predict this one: a force's own log")] = None,
    train_before: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD", help="split one table: learn before the day, predict on"
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="write predictions and plots into this folder")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="print a log to fill in")] = False,
    seed: Annotated[int, typer.Option(min=0, help="of the predictive draws")] = 1,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Predict real deployments, and say how well; without --train from the published record."""
    from sim.analysis.record.log import template as log_template

    if template:
        typer.echo(log_template(), nl=False)
        return
    from sim.briefing.progress import with_progress
    from sim.experiments.against_record import against_record, write_record

    if out is not None:
        from sim.experiments.store import prepare_folder

        prepare_folder(out)
    found = with_progress(
        lambda tell: against_record(
            train=train, test=test, train_before=train_before, seed=seed, progress=tell
        ),
        quiet=quiet,
    )
    if out is not None:
        write_record(found, out)
        typer.echo(f"tables written to {out}", err=True)
    if as_json:
        _print_json(found.answer)
    else:
        from sim.briefing.recording import record_tables

        _print_rich(record_tables(found.answer))


@app.command()
def power(
    ratio: Annotated[float, typer.Option(help="false alert rate of the group over the others'")],
    share: Annotated[float, typer.Option(help="the group's share of those scanned")],
    rate: Annotated[float, typer.Option(help="false alerts a scan, over everybody: 3.2e-6")],
    level: Annotated[float, typer.Option(help="confidence of the test")] = 0.95,
    power_wanted: Annotated[float, typer.Option("--power", help="chance that it shows")] = 0.8,
    pause_ratio: Annotated[
        float, typer.Option(help="pause where the rate looks so many times the one claimed")
    ] = 3.0,
    as_json: AsJson = False,
) -> None:
    """How many false alerts and scans until a disparity shows, and when to pause."""
    from sim.analysis.rare_answers import power_answer
    from sim.briefing.rare import power_page

    found = power_answer(
        ratio=ratio,
        share=share,
        rate=rate,
        level=level,
        power=power_wanted,
        pause_ratio=pause_ratio,
    )
    if as_json:
        _print_json(found)
    else:
        _print_rich(power_page(found))


@app.command()
def claim(
    text: Annotated[str, typer.Argument(help="as published: '0.0003 %', '8 of 10'")],
    as_json: AsJson = False,
) -> None:
    """Take a published claim apart: what it divides by what, and what is missing."""
    from sim.analysis.claims import read_claim
    from sim.analysis.rare_answers import claim_answer
    from sim.briefing.rare import claim_page

    found = claim_answer(read_claim(text))
    if as_json:
        _print_json(found)
    else:
        _print_rich(claim_page(found))


@app.command()
def exposure(
    scenario: ScenarioPath,
    days_a_week: Annotated[float, typer.Option(help="on which the person passes")] = 5.0,
    deployments: Annotated[
        float | None, typer.Option(help="days a year with cameras here; default: the register's")
    ] = None,
    settings: Settings = None,
    seed: Seed = None,
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """One person's year at this place: scanned, falsely alerted, mistakenly stopped."""
    from sim.briefing.progress import with_progress
    from sim.evidence.register import entry
    from sim.experiments.single import simulate
    from sim.experiments.yearly import year_of_one_person

    chosen = _load(scenario, settings, seed)
    _ask_about_cost([chosen], yes=yes)
    often = entry("exposure.deployments_a_year").value if deployments is None else deployments
    result = with_progress(lambda tell: simulate(chosen, progress=tell), quiet=quiet)
    found = year_of_one_person(result, days_a_week=days_a_week, deployments=often)
    if as_json:
        _print_json(found)
    else:
        from sim.briefing.yearly import year_tables

        _print_rich(year_tables(found))


@app.command()
def evidence(
    name: Annotated[str | None, typer.Argument(help="an entry, or the start of its name")] = None,
    as_json: AsJson = False,
) -> None:
    """List the numbers behind the model, or show one with its source and grade."""
    from dataclasses import asdict

    from sim.briefing.pages import entry_list, entry_page
    from sim.evidence.register import entry, register

    found = [e for e in register().values() if name is None or e.name.startswith(name)]
    if not found or name in register():
        found = [entry(name or "")]
    if as_json:
        _print_json([asdict(e) for e in found])
    elif name in register():
        _print_rich(entry_page(found[0]))
    else:
        _print_rich(entry_list(found))


@app.command()
def scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that ship, with what each is for."""
    from sim.scenario.load import load_scenario
    from sim.scenario.shipped import shipped_scenarios

    rows = [
        {"name": one.name, "title": one.title, "purpose": one.purpose, "file": str(path)}
        for path in shipped_scenarios()
        for one in [load_scenario(path)]
    ]
    if as_json:
        _print_json(rows)
        return
    from sim.briefing.pages import scenario_table

    _print_rich(scenario_table(rows))


@app.command()
def schema(as_json: AsJson = False) -> None:  # noqa: ARG001 - a schema is JSON anyway
    """Print the JSON Schema of a scenario file."""
    from sim.scenario.load import scenario_schema

    _print_json(scenario_schema())


@app.command()
def calibrate(
    out: Annotated[
        Path | None, typer.Option(help="the likelihoods' plot: .svg, .png, .pdf")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compute everything again that is calibrated or fitted to the published record."""
    from sim.briefing.progress import with_progress
    from sim.experiments.calibration import calibration
    from sim.experiments.fits import as_answer, fits

    if out is not None:
        from sim.charts.theme import checked_plot

        checked_plot(out)
    fitted = fits()
    found = with_progress(lambda tell: calibration(progress=tell), quiet=quiet)
    found |= as_answer(fitted)
    if out is not None:
        from sim.charts.likelihoods import DESCRIPTION, TITLE, likelihood_figure
        from sim.charts.theme import write_figure

        figure = likelihood_figure(fitted.curves, fitted.values)
        write_figure(figure, out, title=TITLE, description=DESCRIPTION)
        typer.echo(f"plot written to {out}", err=True)
    if as_json:
        _print_json(found)
    else:
        from sim.briefing.pages import calibration_table

        _print_rich(calibration_table(found))


def _load(path: Path, settings: list[str] | None, seed: int | None) -> "Scenario":
    from sim.scenario.faults import suggestion
    from sim.scenario.load import load_scenario
    from sim.scenario.shipped import shipped_path, shipped_scenarios

    file = shipped_path(path)
    if file.name == str(file) and not file.suffix and not file.exists():
        near = suggestion(file.name, [shipped.stem for shipped in shipped_scenarios()])
        raise ScenarioError([f"{path}: no such file, and no shipped scenario of that name{near}"])
    changed = [*(settings or ()), *([] if seed is None else [f"run.seed={seed}"])]
    return load_scenario(file, settings=changed)


def _ask_about_cost(scenarios: Sequence["Scenario"], *, yes: bool) -> None:
    from sim.scenario.advice import run_cost

    costs = [run_cost(scenario) for scenario in scenarios]
    people = sum(cost.people for cost in costs)
    if people > LARGE_RUN_PEOPLE and not yes:
        seconds, memory = sum(c.cpu_s for c in costs), max(c.memory_mib for c in costs)
        raise CostError(
            f"about {people:,.0f} people would walk past: some {seconds / 60:,.0f} minutes of "
            f"processor time and {memory / 1024:,.1f} GiB of memory; runs above "
            f"{LARGE_RUN_PEOPLE:,} people need --yes"
        )


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def _print_rich(renderable: Any) -> None:
    from rich.console import Console

    Console(highlight=False).print(renderable)  # 80 wide where there is no terminal


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    try:
        return _dispatch(list(sys.argv[1:] if argv is None else argv))
    except (SimError, typer.TyperException) as error:
        message = error.format_message() if isinstance(error, typer.TyperException) else error
        typer.echo(f"error: {message}", err=True)
        return INPUT_AT_FAULT
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("interrupted: nothing was written", err=True)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until exit
        return DONE
    except Exception:  # noqa: BLE001 - the last net: say that the fault is ours, and where
        traceback.print_exc()
        typer.echo("error: a fault of ours, not of your input; please report the above", err=True)
        return OUR_FAULT


def _dispatch(words: list[str]) -> int:
    """Run a command: not its ``main``, which has exit codes and messages of its own."""
    try:
        with typer.main.get_command(app).make_context("passerby", words) as context:
            context.command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as done:  # --help
        return int(done.exit_code)
    return DONE
