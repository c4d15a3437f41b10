import re
from itertools import product
from pathlib import Path

import pytest

from sim.errors import EvidenceError
from sim.evidence.register import GRADES, entry, parse_register, register

UNITS = {
    "1", "h", "m", "m/s", "m/s per person", "s", "min", "deg", "px", "1/m2", "1/1000", "person",
    "probit", "probit/year", "1/year", "1/decade", "decade/score",
}  # fmt: skip

NAMES = {
    "walk": "time_gap_s repulsion_strength repulsion_range_m wall_repulsion_strength "
    "wall_repulsion_range_m body_radius_m free_speed_mps free_speed_sd_mps free_speed_min_mps "
    "free_speed_max_mps speed_factor_female speed_factor_child speed_factor_older "
    "party_size_lambda party_spacing_m party_speed_mps party_speed_slope_mps "
    "anticipation_strength anticipation_time_s anticipation_side_m anticipation_turning_s",
    "arrivals": "hourly_cv",
    "crowd": "height_male_m height_male_sd_m height_female_m height_female_sd_m height_child_m "
    "height_child_sd_m shoulder_male_m shoulder_female_m shoulder_child_m phone_share "
    "phone_pitch_deg face_covered_share avoid_share_white avoid_share_black avoid_share_asian "
    "avoid_share_mixed avoid_share_other",
    "camera": "min_eye_distance_px eye_distance_m yaw_half_loss_deg pitch_half_loss_deg "
    "gaze_yaw_sd_deg gaze_yaw_time_s face_drop_m shoulder_drop_m head_width_m shoulder_width_m "
    "face_width_m nearest_blocker_m",
    "calibration": "exposure_s probit_shift",
    "matching": "list_exponent repeat_frame repeat_camera proneness_shape genuine_camera_weight "
    "genuine_frame_weight ageing_probit_per_year deployment_dispersion listed_per_1000 "
    "listed_reference_size",
    "response": "review_s review_log_sd pursue_true pursue_false_intercept pursue_false_slope "
    "officer_speed_mps catch_distance_m lost_in_crowd lost_reference_density_per_m2 "
    "mistaken_stop_min true_stop_min stop_log_sd arrest_away_min arrest_share "
    "out_of_date_share witness_radius_m shift_hours",
    "exposure": "deployments_a_year frequency_shape",
}
ERROR_MODELS = ("npl-2023", "met-street", "trials-2016-2019")
ERROR_FIELDS = ("fmr_060", "threshold_slope", "fnir_060", "fnir_per_decade")
PRESETS = ("flat", "mugshot-2020", "frte-median", "low-differential")
PRESET_FIELDS = [
    *("w_black", "w_asian", "w_mixed", "w_other", "w_female", "w_black_female"),
    *("w_child", "w_older", "cross_sex", "cross_age", "cross_black_white"),
    *("cross_asian_white", "cross_asian_black", "cross_mixed", "cross_other"),
]


def agreed_names() -> set[str]:
    names = {f"{family}.{field}" for family, fields in NAMES.items() for field in fields.split()}
    names |= {f"error_model.{m}.{f}" for m, f in product(ERROR_MODELS, ERROR_FIELDS)}
    return names | {f"demographics.{p}.{f}" for p, f in product(PRESETS, PRESET_FIELDS)}


def test_every_agreed_name_is_there_and_no_other():
    assert set(register()) == agreed_names()


def test_every_entry_has_a_range_a_unit_a_grade_and_a_source():
    for found in register().values():
        assert found.low <= found.value <= found.high, found.name
        assert found.unit in UNITS, found.name
        assert found.grade in GRADES, found.name
        assert len(found.source) >= 7, found.name
        assert found.year is None or 1990 <= found.year <= 2026, found.name


def test_only_definitions_and_constants_to_be_computed_have_no_range():
    fixed = {found.name for found in register().values() if found.low == found.high}
    flat = {f"demographics.flat.{field}" for field in PRESET_FIELDS}
    assert fixed == flat | {
        "calibration.exposure_s",
        "calibration.probit_shift",
        "matching.listed_reference_size",
    }


def test_shares_and_factors_stay_in_their_domain():
    for found in register().values():
        if "share" in found.name or "repeat" in found.name or found.name.endswith("fnir_060"):
            assert found.low >= 0, found.name
            assert found.high <= 1, found.name
        if ".cross_" in found.name:
            assert found.low > 0, found.name
            assert found.high <= 1, found.name
        if ".w_" in found.name:
            assert found.low > 0, found.name


def test_the_flat_preset_knows_no_groups():
    assert all(entry(f"demographics.flat.{field}").value == 1 for field in PRESET_FIELDS)


def test_a_guess_is_graded_an_assumption_and_says_so():
    for found in register().values():
        if found.source.startswith("a guess"):
            assert found.grade == "assumption", found.name


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("crowd.phone_share", "0.08"),
        ("error_model.npl-2023.fmr_060", "street"),
        ("error_model.met-street.fmr_060", "1.67e-8"),
        ("demographics.frte-median.w_black", "2.2"),
        ("response.mistaken_stop_min", "20 to 30"),
        ("response.lost_in_crowd", "0.15"),
        ("walk.time_gap_s", "1.0"),
    ],
)
def test_a_disputed_number_names_the_other_figure(name, figure):
    assert figure in entry(name).disputed_by


def test_nothing_points_at_a_machine_or_a_package_host():
    for found in register().values():
        text = f"{found.source} {found.where} {found.disputed_by}".lower()
        for word in ("http", "www.", "github", "://"):
            assert word not in text, found.name


def test_black_women_on_mugshots_get_the_published_ratio():
    preset = "demographics.mugshot-2020."
    product_of_three = (
        entry(preset + "w_black").value
        * entry(preset + "w_female").value
        * entry(preset + "w_black_female").value
    )
    assert product_of_three == pytest.approx(11.6, rel=0.01)


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(EvidenceError, match=r"'walk\.time_gap'; did you mean 'walk\.time_gap_s'"):
        entry("walk.time_gap")


def test_a_name_like_no_other_gets_no_suggestion():
    with pytest.raises(EvidenceError) as caught:
        entry("zzzzzz")
    assert str(caught.value) == "evidence register: unknown entry 'zzzzzz'"


def row(**changes: str) -> dict[str, str]:
    good = {
        "name": "a.b", "value": "1", "low": "0", "high": "2", "unit": "1", "grade": "assumption",
        "source": "a guess", "year": "", "where": "", "disputed_by": "",
    }  # fmt: skip
    return good | changes


def test_a_good_row_is_read_with_missing_year_as_none():
    assert parse_register([row()])["a.b"].year is None
    assert parse_register([row(year="2023")])["a.b"].year == 2023


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": "3"}, "value 3 is not between low 0 and high 2"),
        ({"value": "nan"}, "must be finite"),
        ({"value": "x"}, "could not convert"),
        ({"grade": "hearsay"}, "grade 'hearsay' is not one of measured"),
        ({"year": "soon"}, "invalid literal"),
    ],
)
def test_a_bad_row_is_refused_with_its_name(changes, message):
    with pytest.raises(EvidenceError, match=rf"a\.b: .*{message}"):
        parse_register([row(**changes)])


def test_all_bad_rows_are_reported_at_once():
    with pytest.raises(EvidenceError) as caught:
        parse_register([row(value="9"), row(name="c.d"), row(name="c.d")])
    assert "a.b: value 9" in str(caught.value)
    assert "c.d: is there twice" in str(caught.value)


def test_the_register_cannot_be_changed():
    with pytest.raises(TypeError):
        register()["a"] = entry("walk.time_gap_s")


CLOSED_FORM_ONLY = ("camera.shoulder_width_m", "camera.nearest_blocker_m")


@pytest.mark.parametrize("name", CLOSED_FORM_ONLY)
def test_an_entry_that_serves_the_closed_form_alone_says_so(name):
    assert "serves only the closed form" in entry(name).where


def test_no_run_asks_for_an_entry_that_serves_the_closed_form_alone():
    """Only the study of capture may name them; the walk and the response may not."""
    package = Path(__file__).parents[2] / "sim"
    for name in CLOSED_FORM_ONLY:
        users = {
            path.relative_to(package).as_posix()
            for path in package.rglob("*.py")
            if name in path.read_text(encoding="utf-8")
        }
        assert users == {"crowding/random_crowd.py"}


GROUPS = r"_(male|female|child|older|white|black|asian|mixed|other)(?=_|$)"


def test_every_entry_is_asked_for_by_name_somewhere_in_the_program():
    """No orphan: a number that nothing reads is not believed."""
    package = Path(__file__).parents[2] / "sim"
    code = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    for found in register().values():
        family, *_, field = found.name.split(".")
        # By its name; as a field of a table of parameters; by a name with the group left open.
        stem, _, _ = re.sub(GROUPS, "|", field).partition("|")
        asked = (f"{family}.{field}", f'"{field}"', f"    {field}: ")
        if stem != field:
            asked = (*asked, f"{family}.{stem}_{{", f'"{stem}_{{', f"{stem}_{{band}}")
        assert any(words in code for words in asked), found.name
