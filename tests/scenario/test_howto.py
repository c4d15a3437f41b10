"""The scenario shown in the how-to is sound and runs from the folder of the shipped ones."""

import re
import shutil
from pathlib import Path

from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_folder

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "write-a-scenario.md"


def test_the_scenario_in_the_howto_is_sound(tmp_path):
    shutil.copy(shipped_folder() / "high_street.yaml", tmp_path)
    (text,) = re.findall(r"```yaml\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL)
    mine = tmp_path / "my_street.yaml"
    mine.write_text(text, encoding="utf-8")
    settings = ["policy.threshold=0.62", "policy.cameras.west.height_m=4.0"]
    scenario = load_scenario(mine, settings=settings)
    assert (scenario.policy.officers, scenario.policy.hours) == (4, 5.0)
    assert scenario.policy.cameras[0].height_m == 4.0
    assert scenario.recorded is None
