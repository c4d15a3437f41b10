"""Commands that judge a study's results: sensitivity, frontier, discover.

State: none.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import AsJson, app, print_json, print_rich, refuse_given


@app.command()
def sensitivity(
    study: Annotated[Path, typer.Argument(help="a folder that passerby sweep wrote")],
    outcome: Annotated[
        str | None, typer.Option(help="of a ratio its two parts; default: stops and matches")
    ] = None,
    method: Annotated[
        str | None, typer.Option(metavar="morris|sobol", help="default: the design's own")
    ] = None,
    floor: Annotated[
        float | None, typer.Option(help="count none of the outcome as so much, not leave it out")
    ] = None,
    knowing: Annotated[
        bool, typer.Option("--knowing", help="also: what, once measured, would change the choice")
    ] = False,
    least_share: Annotated[
        float | None, typer.Option(help="of the best true alerts, that a policy must keep")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="draw it: .svg, .png, .pdf or .html")] = None,
    as_json: AsJson = False,
) -> None:
    """Which of the things that a study varied move its outcomes, and which are worth knowing."""
    from sim.analysis.preferred_policy import LEAST_SHARE, Criterion
    from sim.studies.judge.sensitivity import sensitivity_answer
    from sim.words.sensitivity import sensitivity_page, with_sentences

    if not knowing:
        refuse_given({"--least-share": least_share}, "it belongs to --knowing")
    if out is not None:
        from sim.charts.theme import checked_plot

        checked_plot(out)
    criterion = Criterion(least_share=LEAST_SHARE if least_share is None else least_share)
    found = sensitivity_answer(
        study,
        outcome=outcome,
        method=method,
        floor=floor,
        criterion=criterion if knowing else None,
    )
    if out is not None:
        from sim.printing.drawings import sensitivity_file

        sensitivity_file(found, out, study)
        typer.echo(f"drawn in {out}", err=True)
    if as_json:
        print_json(with_sentences(found))
    else:
        print_rich(sensitivity_page(found))


@app.command()
def frontier(
    folder: Annotated[Path, typer.Argument(help="a folder that passerby sweep wrote")],
    objective: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="again for each; default: five, true alerts first"),
    ] = None,
    ceiling: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="largest value; again for each")
    ] = None,
    floor: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="smallest value; again for each")
    ] = None,
    sure: Annotated[
        float | None, typer.Option(help="chance from which on limits count as met; default 0.9")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="draw it (.svg .png .pdf .html), or all policies as .csv")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Which policies none beats, and which keep ceilings, given what is not known."""
    from sim.analysis.ceilings import SURE
    from sim.studies.judge.frontier import frontier_answer
    from sim.words.frontier import frontier_page, with_sentences

    if not (ceiling or floor):
        refuse_given({"--sure": sure}, "it belongs to --ceiling and --floor")
    if out is not None:
        from sim.charts.theme import checked_plot

        checked_plot(out, or_as=("csv",))
    found = frontier_answer(
        folder,
        objectives=objective or (),
        ceilings=ceiling or (),
        floors=floor or (),
        sure=SURE if sure is None else sure,
    )
    if out is not None:
        from sim.printing.drawings import frontier_file

        frontier_file(found, out, folder)
        typer.echo(f"written to {out}", err=True)
    if as_json:
        print_json(with_sentences(found))
    else:
        print_rich(frontier_page(found))


@app.command()
def discover(
    folder: Annotated[Path, typer.Argument(help="a folder that passerby sweep wrote")],
    fails: Annotated[
        str, typer.Option(metavar="CONDITION", help="such as 'false_stops_per_true_match > 0.1'")
    ],
    policy: Annotated[
        list[str] | None,
        typer.Option(metavar="LEVER=VALUE", help="look at this policy alone; again for each lever"),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="draw it: .svg, .png, .pdf or .html")] = None,
    as_json: AsJson = False,
) -> None:
    """Under which assumptions does a policy fail."""
    from sim.studies.judge.discovery import discovery_answer
    from sim.words.discovery import discovery_page, with_sentences

    if out is not None:
        from sim.charts.theme import checked_plot

        checked_plot(out)
    found, cases = discovery_answer(folder, fails=fails, held=policy or ())
    if out is not None:
        from sim.printing.drawings import discovery_file

        discovery_file(found, cases, out, folder)
        typer.echo(f"drawn in {out}", err=True)
    if as_json:
        print_json(with_sentences(found))
    else:
        print_rich(discovery_page(found))
