"""Write docs/img/demo.svg, for the first five minutes: one real run as a terminal shows it."""

import re
from pathlib import Path

from rich.console import Console

from sim import load_scenario, simulate
from sim.answer.report import as_json
from sim.words.answer_tables import result_tables

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "img" / "demo.svg"
SCENARIO = ROOT / "scenarios" / "oxford_circus_2020.yaml"
WIDTH = 96

if __name__ == "__main__":
    answer = as_json(simulate(load_scenario(SCENARIO)))
    console = Console(record=True, width=WIDTH, highlight=False)
    console.print(result_tables(answer))
    picture = console.export_svg(title="passerby run scenarios/oxford_circus_2020.yaml")
    # No font is fetched from anywhere: the reader's own fixed-width font serves.
    picture = re.sub(r"@font-face\s*{[^}]*}", "", picture)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(picture, encoding="utf-8")
    print(TARGET)
