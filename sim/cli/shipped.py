"""Commands about scenario files: those that ship, and their schema.

State: none.
"""
# ruff: noqa: PLC0415 - imports wait until a command needs them

from sim.cli.common import AsJson, app, print_json, print_rich


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
        print_json(rows)
        return
    from sim.words.register import scenario_table

    print_rich(scenario_table(rows))


@app.command()
def schema(as_json: AsJson = False) -> None:  # noqa: ARG001 - a schema is JSON anyway
    """Print the JSON Schema of a scenario file."""
    from sim.scenario.load import scenario_schema

    print_json(scenario_schema())
