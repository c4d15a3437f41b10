"""What the commands share: the application, options, and how answers are printed.

State: none but the table of commands, filled when the package is imported.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.errors import CostError, ScenarioError, SimError

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

DONE, OUR_FAULT, INPUT_AT_FAULT, SOME_FAILED, DRIFTED, INTERRUPTED = 0, 1, 2, 3, 4, 130
LARGE_RUN_PEOPLE = 2_000_000

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
Yes = Annotated[bool, typer.Option("--yes", help="go on although the run is large")]
Quiet = Annotated[bool, typer.Option("--quiet", help="no progress on stderr")]


def load(path: Path, settings: list[str] | None, seed: int | None) -> "Scenario":
    """Return the scenario of a file or a shipped name, settings and seed applied."""
    from sim.scenario.faults import suggestion
    from sim.scenario.load import load_scenario
    from sim.scenario.shipped import shipped_path, shipped_scenarios

    file = shipped_path(path)
    if file.name == str(file) and not file.suffix and not file.exists():
        near = suggestion(file.name, [shipped.stem for shipped in shipped_scenarios()])
        raise ScenarioError([f"{path}: no such file, and no shipped scenario of that name{near}"])
    changed = [*(settings or ()), *([] if seed is None else [f"run.seed={seed}"])]
    return load_scenario(file, settings=changed)


def ask_about_cost(scenarios: Sequence["Scenario"], *, yes: bool) -> None:
    """Refuse a run of very many people unless the user has said yes; say what it would cost."""
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


def refuse_given(options: Mapping[str, object], why: str) -> None:
    """Refuse options that were given and mean nothing here, rather than ignore them."""
    given = [name for name, value in options.items() if value not in (None, [])]
    if given:
        raise SimError(
            f"{', '.join(given)}: {why}; leave {'it' if len(given) == 1 else 'them'} out"
        )


def print_json(value: object) -> None:
    """Print a value as JSON to stdout."""
    from sim.storage.json_values import json_value

    typer.echo(json.dumps(json_value(value), indent=2, ensure_ascii=False, allow_nan=False))


def print_rich(renderable: Any) -> None:
    """Print a table or a text to stdout, in colour on a terminal."""
    from rich.console import Console

    Console(highlight=False).print(renderable)  # 80 wide where there is no terminal
