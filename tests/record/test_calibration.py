import pytest

from sim.record.calibration import EXPOSURE, SHIFT, calibration


@pytest.mark.slow
def test_the_register_holds_the_constants_of_the_reference_deployment():
    """One part in fifty of the exposure moves the false alerts by 1 %, far inside their range."""
    heard = []
    found = calibration(progress=lambda what, share: heard.append((what, share)))
    assert found[EXPOSURE]["computed"] == pytest.approx(found[EXPOSURE]["register"], rel=0.02)
    assert found[SHIFT]["computed"] == pytest.approx(found[SHIFT]["register"], abs=0.02)
    for name, target in (("mean_p_false", 1 / 6000), ("mean_p_true", 0.89)):
        assert found[name]["reached"] == pytest.approx(found[name]["target"], rel=1e-6)
        assert found[name]["target"] == pytest.approx(target, rel=0.01)
    assert found["never_seen_share"] < 0.01
    assert heard[0][0] == "walking"
