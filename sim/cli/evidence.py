"""Commands about evidence: the register, calibration, real deployments, rare events.

State: none.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import (
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


@app.command()
def evidence(
    name: Annotated[
        str | None,
        typer.Argument(help="an entry, the start of its name, or 'disagreements'"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the numbers behind the model, or show one with its source, grade and other accounts."""
    from dataclasses import asdict

    from sim.evidence.alternatives import alternatives, alternatives_of
    from sim.evidence.register import entry, register
    from sim.words.register import (
        choosing_commands,
        disagreement_list,
        disagreement_note,
        entry_list,
        entry_page,
    )

    if name == "disagreements":
        if as_json:
            print_json([asdict(reading) for reading in alternatives()])
        else:
            print_rich(disagreement_list(alternatives()))
        return
    found = [e for e in register().values() if name is None or e.name.startswith(name)]
    if not found or name in register():
        found = [entry(name or "")]
    if as_json:
        print_json(
            [
                {**asdict(e), "accounts": [asdict(reading) for reading in alternatives_of(e.name)]}
                for e in found
            ]
        )
    elif name in register():
        readings = alternatives_of(found[0].name)
        print_rich(entry_page(found[0], readings))
        if readings:  # printed whole: a command that is broken into lines cannot be copied
            typer.echo("\n" + choosing_commands(found[0], readings))
    else:
        print_rich(entry_list(found))
        if name is None:
            print_rich(disagreement_note(alternatives()))


@app.command()
def calibrate(
    out: Annotated[
        Path | None, typer.Option(help="the likelihoods' plot: .svg, .png, .pdf")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compute everything again that is calibrated or fitted to the published record."""
    from sim.record.calibration import calibration
    from sim.record.fits import as_answer, fits
    from sim.words.progress import with_progress

    if out is not None:
        from sim.charts.theme import checked_plot

        checked_plot(out)
    fitted = fits()
    found = with_progress(lambda tell: calibration(progress=tell), quiet=quiet)
    found |= as_answer(fitted)
    if out is not None:
        from sim.charts.likelihoods import DESCRIPTION, TITLE, likelihood_figure
        from sim.charts.theme import write_figure
        from sim.storage.provenance import provenance_of_evidence

        figure = likelihood_figure(fitted.curves, fitted.values)
        origin = provenance_of_evidence("calibrate")
        write_figure(figure, out, title=TITLE, description=DESCRIPTION, provenance=origin)
        typer.echo(f"plot written to {out}", err=True)
    if as_json:
        print_json(found)
    else:
        from sim.words.register import calibration_table

        print_rich(calibration_table(found))


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
    from sim.record.log_columns import template as log_template

    if template:
        typer.echo(log_template(), nl=False)
        return
    from sim.record.against_record import against_record, write_record
    from sim.words.progress import with_progress

    if out is not None:
        from sim.answer.results_folder import prepare_folder

        prepare_folder(out)
    found = with_progress(
        lambda tell: against_record(
            train=train, test=test, train_before=train_before, seed=seed, progress=tell
        ),
        quiet=quiet,
    )
    if out is not None:
        from sim.printing.drawings import record_files

        drawn = record_files(found.answer, found.funnels, provenance=found.provenance)
        write_record(found, out, also=drawn)
        typer.echo(f"tables and plots written to {out}", err=True)
    if as_json:
        print_json(found.answer)
    else:
        from sim.words.record import record_tables

        print_rich(record_tables(found.answer))


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
    from sim.words.rare_events import power_page

    found = power_answer(
        ratio=ratio,
        share=share,
        rate=rate,
        level=level,
        power=power_wanted,
        pause_ratio=pause_ratio,
    )
    if as_json:
        print_json(found)
    else:
        print_rich(power_page(found))


@app.command()
def claim(
    text: Annotated[str, typer.Argument(help="as published: '0.0003 %', '8 of 10'")],
    as_json: AsJson = False,
) -> None:
    """Take a published claim apart: what it divides by what, and what is missing."""
    from sim.analysis.claims import read_claim
    from sim.analysis.rare_answers import claim_answer
    from sim.words.rare_events import claim_page

    found = claim_answer(read_claim(text))
    if as_json:
        print_json(found)
    else:
        print_rich(claim_page(found))


@app.command()
def exposure(
    scenario: ScenarioPath,
    days_a_week: Annotated[float, typer.Option(help="on which the person passes")] = 5.0,
    deployments: Annotated[
        float | None,
        typer.Option(help="days a year with cameras here; default: what the scenario believes"),
    ] = None,
    settings: Settings = None,
    seed: Seed = None,
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """One person's year at this place: scanned, falsely alerted, mistakenly stopped."""
    from sim.answer.persons_year import DAYS, year_of_one_person
    from sim.answer.result import simulate
    from sim.scenario.beliefs import beliefs
    from sim.words.progress import with_progress

    chosen = load(scenario, settings, seed)
    ask_about_cost([chosen], yes=yes)
    often = deployments
    if often is None:
        often = beliefs(chosen).value(DAYS)
    result = with_progress(lambda tell: simulate(chosen, progress=tell), quiet=quiet)
    found = year_of_one_person(result, days_a_week=days_a_week, deployments=often)
    if as_json:
        print_json(found)
    else:
        from sim.words.persons_year import year_tables

        print_rich(year_tables(found))
