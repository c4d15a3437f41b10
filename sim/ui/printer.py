"""The process that makes the printed page of an option: two scenarios in, a PDF out.

Reads one JSON object, ``{"base": ..., "option": ...}``, and writes the page to its output; where
that cannot be done it writes the reason to its other output and ends with 2.

State: none.
"""

import json
import sys

from sim.answer.single import simulate
from sim.errors import SimError
from sim.printing.brief import brief_content
from sim.printing.brief_page import brief_pdf
from sim.scenario.load import scenario_from_mapping
from sim.storage.walk_cache import walked

REFUSED = 2


def main() -> int:
    """Make one page, as ``passerby brief OPTION --against BASE`` does, from walks that are kept."""
    asked = json.load(sys.stdin)
    try:
        option = scenario_from_mapping(asked["option"])
        base = scenario_from_mapping(asked["base"])
        chosen = [option] if base == option else [base, option]
        results = [simulate(one, passages=walked(one)) for one in chosen]
        page = brief_pdf(brief_content(results[-1], results[0] if len(results) > 1 else None))
    except SimError as error:
        sys.stderr.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
