"""What all tests share."""

import gc
import os

# Before numpy is imported: on small matrices the threads of BLAS wait for one another longer than
# they work, and many times longer where another process wants the core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import signal

import pytest
from hypothesis import settings

from sim.cli import main
from tests.properties import ALL, QUICK

gc.disable()  # until all is collected: what is imported stays

pytest_plugins = ["tests.streets", "tests.study_fixtures"]

# Slow machines must not fail a property: no deadlines.
settings.register_profile("passerby", deadline=None, max_examples=ALL)
settings.register_profile("quick", deadline=None, max_examples=QUICK)  # --hypothesis-profile=quick
settings.load_profile("passerby")

# A job in the background may have Ctrl-C turned off, and would hand that on to what it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish():
    gc.freeze()  # nor is it looked through again at every collection
    gc.enable()


def pytest_unconfigure():
    gc.unfreeze()  # libraries count what is left at the end


@pytest.fixture
def passerby(capsys):
    """Run a command in this process; return status, stdout and stderr."""

    def run(*words):
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run
