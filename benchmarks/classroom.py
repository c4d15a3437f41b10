"""Thirty students on one laptop: how long a lever takes to answer, over real websockets.

    python benchmarks/classroom.py [--students 30] [--seconds 90] [--think 5]

Starts ``passerby app`` on a free port, lets every student open the page, and then pull a random
lever each time they have thought, as a browser would: a rerun with the new widget state, measured
until the server says that the script has finished. Prints the median and the 95th percentile
against the limit of two seconds. One student alone (``--students 1 --think 1``) shows what a lever
costs the server, to be held against 300 ms.
"""

import argparse
import asyncio
import random
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

LIMIT_S = 2.0
LEVERS = ("How sure the system must be", "Age of the photographs", "Who is on the list")
READY_S = 300.0


@dataclass
class Student:
    """One browser: the widgets it knows, and how long it waited each time."""

    number: int
    widgets: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    faults: int = 0


async def attend(student: Student, url: str, *, seconds: float, think: float) -> None:
    """Open the page, then pull levers until the time is up."""
    rng = random.Random(student.number)  # noqa: S311 - which lever, not a secret
    async with connect(
        f"ws://{url}/_stcore/stream", subprotocols=["streamlit"], max_size=None, open_timeout=60
    ) as socket_:
        await rerun(student, socket_)
        student.waits.clear()  # the first sight is not a lever
        end = time.monotonic() + seconds
        await asyncio.sleep(rng.uniform(0, think))
        while time.monotonic() < end:
            label = rng.choice([name for name in student.widgets if name.startswith(LEVERS)])
            widget, options = student.widgets[label]
            student.values[widget] = rng.choice(options)
            await rerun(student, socket_)
            await asyncio.sleep(rng.expovariate(1 / think))


async def rerun(student: Student, socket_) -> None:
    """Ask for a rerun with the widgets as they are; wait until the script has finished."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    for widget, value in student.values.items():
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.string_value = widget, value
    begun = time.monotonic()
    await socket_.send(message.SerializeToString())
    async for raw in socket_:
        told = ForwardMsg()
        told.ParseFromString(raw)
        kind = told.WhichOneof("type")
        if kind == "delta":
            element = told.delta.new_element
            if element.WhichOneof("type") == "selectbox":
                box = element.selectbox
                student.widgets[box.label] = (box.id, list(box.options))
            if element.WhichOneof("type") == "exception":
                student.faults += 1
        elif kind == "script_finished":
            student.waits.append(time.monotonic() - begun)
            return


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Return when the page answers."""
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        if server.poll() is not None:
            sys.exit("the server stopped")
        try:
            with urlopen(f"http://{url}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"no page after {READY_S:.0f} s")


async def lesson(url: str, students: list[Student], *, seconds: float, think: float) -> None:
    """Let all students attend at once."""
    await asyncio.gather(
        *(attend(student, url, seconds=seconds, think=think) for student in students)
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--think", type=float, default=5.0, help="mean seconds between levers")
    given = parser.parse_args()
    url = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "sim.ui", "--port", url.split(":")[1], "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_ready(url, server)
            students = [Student(number) for number in range(given.students)]
            asyncio.run(lesson(url, students, seconds=given.seconds, think=given.think))
        finally:
            server.terminate()
    waits = sorted(wait for student in students for wait in student.waits)
    late = statistics.quantiles(waits, n=20)[-1]
    print(f"{given.students} students, {given.think:g} s of thought, {given.seconds:g} s")
    print(f"levers pulled        {len(waits)}")
    print(f"median               {statistics.median(waits):.2f} s")
    print(f"95th percentile      {late:.2f} s")
    print(f"longest              {waits[-1]:.2f} s")
    print(f"95th / limit of {LIMIT_S:g} s  {late / LIMIT_S:.2f}")
    print(f"faults               {sum(student.faults for student in students)}")


if __name__ == "__main__":
    main()
