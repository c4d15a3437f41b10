"""What a user can cause and mend; every other exception is a fault of ours.

Each error carries a message that says where, what was found, what is allowed and, where it can
be guessed, what was meant.
"""


class SimError(Exception):
    """Something the user can mend; the command line prints it and exits with 2."""


class ScenarioError(SimError):
    """A scenario that cannot be read; one line a fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class EvidenceError(SimError):
    """A name that is not in the evidence register, or an entry out of its range."""


class CostError(SimError):
    """A run so large that the user must confirm it."""


class OutputError(SimError):
    """A place that cannot be written to."""
