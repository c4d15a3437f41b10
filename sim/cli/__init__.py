"""The command line: commands, exit codes and nothing else.

Exit status: 0 done, 2 the input is at fault, 3 some runs failed, 4 a capsule drifted,
130 interrupted, 1 a fault of ours. Results go to stdout; progress (on a terminal only) and
messages to stderr. Heavy modules are imported by the command that needs them, so that ``--help``
answers at once.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

# isort: off
# In the order of --help: each import adds its commands.
from sim.cli import running  # noqa: F401
from sim.cli import briefing  # noqa: F401
from sim.cli import capsules  # noqa: F401
from sim.cli import evidence  # noqa: F401
from sim.cli import studies  # noqa: F401
from sim.cli import judging  # noqa: F401
from sim.cli import page  # noqa: F401
from sim.cli import shipped  # noqa: F401

# isort: on
from sim.cli.common import (
    DONE,
    DRIFTED,
    INPUT_AT_FAULT,
    INTERRUPTED,
    OUR_FAULT,
    SOME_FAILED,
    app,
)
from sim.errors import SimError

__all__ = [
    "DONE",
    "DRIFTED",
    "INPUT_AT_FAULT",
    "INTERRUPTED",
    "OUR_FAULT",
    "SOME_FAILED",
    "main",
]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="print the version")] = False,
) -> None:
    if version:
        from sim import __version__  # noqa: PLC0415 - waits until it is asked for

        typer.echo(f"passerby {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


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
