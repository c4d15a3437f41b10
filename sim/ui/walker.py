"""The process that walks streets for the page: scenarios in, one a line; progress out.

State: none; what it leaves is the walk in the cache of walks.
"""

import json
import sys
from typing import Any

from sim.errors import SimError
from sim.experiments.sweep.walk_cache import walked
from sim.scenario.load import scenario_from_mapping


def main() -> None:
    """Walk each scenario that comes as a line of JSON, until the input ends."""
    for line in sys.stdin:
        try:
            scenario = scenario_from_mapping(json.loads(line))
            walked(scenario, progress=lambda share: _tell(kind="share", share=share))
            _tell(kind="done", reason="")
        except SimError as error:
            _tell(kind="failed", reason=str(error))
        except MemoryError:
            _tell(kind="failed", reason="there is not enough memory for this walk")


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
