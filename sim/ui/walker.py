"""The process that walks streets for the page: what to walk in, one a line; progress out.

State: none; what it leaves is the walk in the cache of walks, or a playback beside it.
"""

import json
import sys
from typing import Any

from sim.errors import SimError
from sim.playback.kept_replays import keep_replay
from sim.playback.wished_minutes import Wish
from sim.scenario.load import scenario_from_mapping
from sim.storage.walk_cache import walked


def main() -> None:
    """Walk each scenario that comes with a line of JSON, until the input ends."""
    for line in sys.stdin:
        try:
            asked = json.loads(line)
            scenario = scenario_from_mapping(asked["scenario"])
            if asked["kind"] == "playback":
                keep_replay(scenario, Wish(**asked["wish"]), progress=_tell_share)
            else:
                walked(scenario, progress=_tell_share)
            _tell(kind="done", reason="")
        except SimError as error:
            _tell(kind="failed", reason=str(error))
        except MemoryError:
            _tell(kind="failed", reason="there is not enough memory for this walk")


def _tell_share(share: float) -> None:
    _tell(kind="share", share=share)


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
