"""Write the JSON Schemas that editors complete scenarios and studies by."""

import json
from pathlib import Path

from sim.scenario.load import scenario_schema
from sim.studies.define.study_schema import study_schema

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"
SCHEMAS = {
    FOLDER / "scenario.schema.json": scenario_schema,
    FOLDER / "study.schema.json": study_schema,
}

if __name__ == "__main__":
    for target, schema in SCHEMAS.items():
        target.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
        print(target)
