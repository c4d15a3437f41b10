"""The command that prints a page for a committee: brief.

State: none.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import (
    SOME_FAILED,
    AsJson,
    Quiet,
    ScenarioPath,
    Seed,
    Yes,
    app,
    ask_about_cost,
    load,
    print_json,
)


@app.command()
def brief(
    scenario: ScenarioPath,
    against: Annotated[
        Path | None, typer.Option(help="the baseline that SCENARIO is compared with")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="change a field, of SCENARIO alone"),
    ] = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option(help="the page to write, a .pdf [SCENARIO-brief.pdf]")
    ] = None,
    as_json: AsJson = False,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Print one page of A4: the question, four numbers, what would change them, limits, sources."""
    from sim.answer.several import simulate_same_people
    from sim.printing.brief import brief_content
    from sim.printing.brief_page import checked_page, typesetter, write_brief
    from sim.words.progress import with_progress

    option = load(scenario, settings, seed)
    chosen = [option] if against is None else [load(against, None, seed), option]
    page = checked_page(Path(f"{option.name}-brief.pdf") if out is None else out)
    typesetter()  # before the work: without it there is no page
    ask_about_cost(chosen, yes=yes)
    results, failures = with_progress(
        lambda tell: simulate_same_people(chosen, progress=tell), quiet=quiet
    )
    for failure in failures:
        typer.echo(f"error: {failure.scenario} failed: {failure.reason}", err=True)
    if failures:
        raise typer.Exit(SOME_FAILED)
    content = with_progress(
        lambda tell: brief_content(
            results[-1], None if against is None else results[0], progress=tell
        ),
        quiet=quiet,
    )
    replaced = page.exists()
    write_brief(content, page)
    typer.echo(f"page written to {page}{' (replaced)' if replaced else ''}", err=True)
    if as_json:
        print_json(content)
