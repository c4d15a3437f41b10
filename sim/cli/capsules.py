"""Commands about results that are handed on: capsule, rerun.

State: none.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.common import (
    DRIFTED,
    INTERRUPTED,
    AsJson,
    Quiet,
    Yes,
    app,
    ask_about_cost,
    print_json,
    print_rich,
)

if TYPE_CHECKING:
    from sim.capsules.capsule import Capsule


@app.command()
def capsule(
    folder: Annotated[Path, typer.Argument(help="a folder of `sweep --out` or `run --out`")],
    out: Annotated[
        Path | None, typer.Option(help="the .zip to write; else beside the folder")
    ] = None,
    with_parts: Annotated[
        bool, typer.Option("--with-parts", help="the rows of every unit of work too")
    ] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="pack what is there of a study not at its end")
    ] = False,
    license_url: Annotated[
        str | None, typer.Option("--license", metavar="URL", help="licence you give the results")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Pack a study or a run into one zip that others can check and run again."""
    from sim.capsules.capsule import pack
    from sim.words.capsule import packed_sentence

    packed = pack(
        folder, out, with_parts=with_parts, unfinished=unfinished, license_url=license_url
    )
    if as_json:
        print_json(packed)
    else:
        typer.echo(packed_sentence(asdict(packed)))


@app.command()
def rerun(
    file: Annotated[Path, typer.Argument(help="a capsule, the .zip that passerby capsule wrote")],
    out: Annotated[Path | None, typer.Option(help="a new folder that keeps the results")] = None,
    workers: Annotated[int, typer.Option(min=1, help="processes, of a study")] = 1,
    tolerance: Annotated[
        float, typer.Option(help="share of a value that counts as no drift")
    ] = 0.0,
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Run a capsule again, on streets walked anew, and say whether the same comes out."""
    from sim.capsules.read_back import run_again, scenario_of, study_again
    from sim.capsules.rerun import rerun_capsule
    from sim.words.capsule import rerun_tables
    from sim.words.progress import study_progress, with_progress

    def again(capsule: "Capsule", home: Path) -> None:
        if capsule.is_of_study:
            with study_progress(quiet=quiet, log_json=False) as watch:
                study_again(
                    capsule, home, workers=workers, is_allowed_to_be_large=yes, progress=watch
                )
        else:
            ask_about_cost([scenario_of(capsule)], yes=yes)
            with_progress(lambda tell: run_again(capsule, home, progress=tell), quiet=quiet)

    try:
        found = rerun_capsule(file, out=out, tolerance=tolerance, again=again)
    except KeyboardInterrupt:
        kept = "nothing was kept" if out is None else f"what was finished is kept in {out}"
        typer.echo(f"interrupted: {kept}; nothing was compared", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(found.as_json())
    else:
        print_rich(rerun_tables(asdict(found)))
    if found.has_drifted:
        raise typer.Exit(DRIFTED)
