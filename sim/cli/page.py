"""The command that serves the page: `passerby app`.

The page is a program of its own (``python -m sim.ui``): the command line knows no Streamlit.

State: none.
"""

import os
import subprocess
import sys
from typing import Annotated

import typer

from sim.cli.common import Quiet, app


@app.command(name="app")
def page(
    port: Annotated[int, typer.Option(min=1, max=65535, help="where the page is served")] = 8501,
    classroom: Annotated[
        bool,
        typer.Option("--classroom", help="serve the local network, and print the address to type"),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Serve the page: levers, the street from above, the record, lessons."""
    words = [sys.executable, "-m", "sim.ui", "--port", str(port)]
    words += ["--classroom"] if classroom else []
    words += ["--quiet"] if quiet else []
    if os.name == "posix":  # the command becomes the server: whatever stops it, nothing is left
        sys.stdout.flush()
        os.execv(sys.executable, words)  # noqa: S606 - our own module
    raise typer.Exit(subprocess.call(words))  # noqa: S603 - likewise
