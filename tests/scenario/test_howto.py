"""The scenarios shown in the how-tos are sound and run from the folder of the shipped ones."""

import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.cli import DONE, main
from sim.scenario.load import load_scenario
from sim.scenario.place.drawn import ROLES
from sim.scenario.shipped import shipped_folder

HOWTOS = Path(__file__).resolve().parents[2] / "docs" / "howto"
HOWTO = HOWTOS / "write-a-scenario.md"
TRACING = HOWTOS / "trace-a-place.md"
SMALL = (
    *("--set", "street.footfall.people=60.0"),
    *("--set", "run.assumption_draws=20"),
    *("--set", "run.draws=20"),
)


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


@pytest.mark.slow
def test_the_place_traced_in_the_howto_is_sound_and_its_commands_run(tmp_path, monkeypatch, capsys):
    text = TRACING.read_text(encoding="utf-8")
    shutil.copy(shipped_folder() / "high_street.yaml", tmp_path)
    for language, name in (("json", "my_place.geojson"), ("yaml", "my_place.yaml")):
        (block,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
        (tmp_path / name).write_text(block, encoding="utf-8")
    (commands,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    for line in commands.splitlines():
        program, *words = shlex.split(line)
        small = ["--quiet", *SMALL] if words[0] == "run" else []
        assert (program, main([*words, *small])) == ("passerby", DONE)
    said = capsys.readouterr().out
    assert "my_place: sound" in said
    assert "My place" in said
    scenario = load_scenario("my_place.yaml")
    sides = np.hypot(*np.diff(np.array(scenario.street.walkable_m), axis=0).T)
    # As it was drawn, in degrees of seven decimals: a centimetre.
    np.testing.assert_allclose(sides, [15.03, 15.03, 7.0, 15.03, 15.03], atol=0.02)
    assert scenario.street.entrances == scenario.street.exits


def test_every_role_is_in_the_howto_and_no_other():
    table = re.findall(r"^\| `(\w+)` \|", TRACING.read_text(encoding="utf-8"), re.MULTILINE)
    assert {*table, "entrance", "exit"} == {*ROLES}
