"""A process that works for visitors: what to do, one a line of JSON; progress and results out.

State: none; a walk and a recording are left in the cache of walks, a page is handed back.
"""

import json
import sys
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from sim.errors import SimError
from sim.playback.kept_replays import keep_replay
from sim.playback.wished_minutes import Wish
from sim.scenario.load import scenario_from_mapping
from sim.storage.walk_cache import walked


def main() -> None:
    """Do what each line asks for, until the input ends."""
    for line in sys.stdin:
        try:
            _tell(kind="done", result=_done(json.loads(line)))
        except SimError as error:
            _tell(kind="failed", reason=str(error))
        except MemoryError:
            _tell(kind="failed", reason="there is not enough memory for this street")


def _done(asked: Mapping[str, Any]) -> str:
    """Do one thing and return what it hands back, in base 64: nothing but for a page."""
    match asked["kind"]:
        case "playback":
            scenario = scenario_from_mapping(asked["scenario"])
            keep_replay(scenario, Wish(**asked["wish"]), progress=_tell_share)
        case "page":
            return b64encode(_page(asked["base"], asked["option"])).decode()
        case _:
            walked(scenario_from_mapping(asked["scenario"]), progress=_tell_share)
    return ""


def _page(base: Mapping[str, Any], option: Mapping[str, Any]) -> bytes:
    """Return one page, as ``passerby brief OPTION --against BASE`` makes it, from kept walks."""
    from sim.answer.result import simulate  # noqa: PLC0415 - with drawing, slow to import
    from sim.printing.brief import brief_content  # noqa: PLC0415
    from sim.printing.brief_page import brief_pdf  # noqa: PLC0415

    asked = [scenario_from_mapping(one) for one in (option, base)]
    chosen = asked[:1] if asked[0] == asked[1] else asked
    results = [simulate(one, passages=walked(one)) for one in reversed(chosen)]
    return brief_pdf(brief_content(results[-1], results[0] if len(results) > 1 else None))


def _tell_share(share: float) -> None:
    _tell(kind="share", share=share)


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
