"""Commands about studies: sweep, status, export.

State: none.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import INTERRUPTED, SOME_FAILED, AsJson, Quiet, Yes, app, print_json, print_rich
from sim.errors import SimError

StudyFolder = Annotated[Path, typer.Argument(help="a folder that passerby sweep wrote")]


@app.command()
def sweep(
    study: Annotated[Path, typer.Argument(help="a study file, or the name of a shipped one")],
    out: Annotated[
        Path | None, typer.Option(help="the study's folder; the same one again goes on")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="processes; default: one a processor")
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="only the I-th of N shares of the work")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="TCP://...", help="let a Dask cluster work")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what it would take")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="try units again that were set aside")
    ] = False,
    allow_mixed: Annotated[
        bool, typer.Option("--allow-mixed", help="keep results of another version of the model")
    ] = False,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="progress as one JSON object a line, on stderr")
    ] = False,
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Run a study: every point, each street walked once; the same command resumes it."""
    from sim.studies.define.study import load_study
    from sim.studies.run.run_settings import checked_shard, processors
    from sim.studies.run.runner import ready_study, run_study
    from sim.studies.run.status import check_cost, study_cost
    from sim.words.progress import study_progress
    from sim.words.study_progress import cost_table, finished_sentence

    share = None if shard is None else checked_shard(shard)
    loaded = load_study(study)
    for warning in loaded.warnings:
        typer.echo(f"warning: {warning}", err=True)
    asked = ready_study(loaded)
    count = processors() if workers is None else workers
    cost = study_cost(asked.units, count)
    if dry_run:
        if as_json:
            print_json(cost)
        else:
            print_rich(cost_table(asdict(cost), f"{loaded.study.name}: {loaded.study.title}"))
        return
    if out is None:
        raise SimError("sweep needs --out DIR, the folder for results; or --dry-run")
    if not yes:
        check_cost(cost)
    try:
        with study_progress(quiet=quiet, log_json=log_json) as watch:
            finished = run_study(
                asked,
                out,
                workers=count,
                shard=share,
                scheduler=scheduler,
                progress=watch,
                allow_mixed=allow_mixed,
                retry_failed=retry_failed,
            )
    except KeyboardInterrupt:
        typer.echo(
            f"interrupted: finished units are kept in {out}; the same command goes on", err=True
        )
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(finished)
    else:
        typer.echo(finished_sentence(asdict(finished)))
    if finished.failed or finished.failed_rows:
        raise typer.Exit(SOME_FAILED)


@app.command()
def status(folder: StudyFolder, as_json: AsJson = False) -> None:
    """Say how far a study has got, what failed, and whether more replications are needed."""
    from sim.studies.run.status import replication_advice, status_of
    from sim.words.study_progress import status_table

    found, advice = status_of(folder), replication_advice(folder)
    if as_json:
        print_json(found.as_json() | {"replication_advice": advice})
    else:
        print_rich(status_table(found.as_json(), advice))


@app.command()
def export(
    folder: StudyFolder,
    csv: Annotated[Path | None, typer.Option(help="write a CSV file")] = None,
    parquet: Annotated[Path | None, typer.Option(help="write a Parquet file")] = None,
) -> None:
    """Write a study's table as one file: a row a point and replication, its manifest beside it."""
    from sim.studies.run.results import export_results

    wanted = [(file, kind) for file, kind in ((csv, "csv"), (parquet, "parquet")) if file]
    if not wanted:
        raise SimError("export needs --csv FILE or --parquet FILE")
    for file, kind in wanted:
        typer.echo(export_results(folder, file, kind=kind).sentence())
