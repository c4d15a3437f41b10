"""What all tests share."""

import pytest
from hypothesis import settings

from sim.cli import main

# Slow machines must not fail a property: no deadlines.
settings.register_profile("passerby", deadline=None)
settings.load_profile("passerby")


@pytest.fixture
def passerby(capsys):
    """Run a command in this process; return status, stdout and stderr."""

    def run(*words):
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run
