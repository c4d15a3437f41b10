"""Write scenarios/scenario.schema.json, the JSON Schema that editors complete scenarios by."""

import json
from pathlib import Path

from sim.scenario.load import scenario_schema

TARGET = Path(__file__).resolve().parents[1] / "scenarios" / "scenario.schema.json"

if __name__ == "__main__":
    TARGET.write_text(json.dumps(scenario_schema(), indent=2) + "\n", encoding="utf-8")
    print(TARGET)
