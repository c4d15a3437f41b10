"""The points of a study: how many, where they lie, and what a table may hold."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from SALib.sample import morris, sobol

from sim import columns as col
from sim.answer.assumption_draws import triangular
from sim.errors import ScenarioError, SimError
from sim.evidence.register import entry
from sim.studies.define import design as module
from sim.studies.define.design import design, point_count, unit_points
from sim.studies.define.study import load_study

HEAD = """\
schema_version: 1
name: example
title: An example
purpose: To be drawn.
base: reference
"""
THRESHOLD, SIZE, OFFICERS = "policy.threshold", "policy.watchlist.size", "policy.officers"
PURSUE = "response.pursue_true"
LEVERS = f"""\
levers:
  {THRESHOLD}: {{low: 0.56, high: 0.64}}
  {SIZE}: {{low: 1000, high: 20000, scale: log}}
  {OFFICERS}: [2, 4, 8]
  assumptions.error_model: [npl-2023, met-street]
uncertainties: [{PURSUE}]
"""


@pytest.fixture
def study(tmp_path):
    """Return a function of the text below the heading that reads it as a study."""

    def read(text, **files):
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        path = tmp_path / "example.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return load_study(path)

    return read


def drawn(study, kind):
    loaded = study(f"{LEVERS}design: {{kind: {kind}}}\n")
    return loaded, design(loaded)


def test_a_full_factorial_has_every_combination_once(study):
    points = design(
        study(
            f"levers:\n  {THRESHOLD}: [0.58, 0.60]\n  policy.signs: [false, true]\n"
            f"  {SIZE}: {{low: 100, high: 10000, steps: 3, scale: log}}\n"
            f"uncertainties: [{PURSUE}]\ndesign: {{kind: full-factorial}}\n"
        )
    )
    held = entry(PURSUE)
    rows = {tuple(row) for row in points.drop(columns=col.POINT).itertuples(index=False)}
    values = [held.low, held.value, held.high]
    assert rows == set(product([False, True], [0.58, 0.60], [100, 1000, 10000], values))
    assert points[col.POINT].tolist() == list(range(2 * 2 * 3 * 3))
    assert points.columns.tolist() == [col.POINT, "policy.signs", THRESHOLD, SIZE, PURSUE]


def test_steps_that_round_to_the_same_whole_number_are_one_value(study):
    points = design(
        study(
            f"levers: {{{OFFICERS}: {{low: 1, high: 3, steps: 9}}}}\n"
            "design: {kind: full-factorial}\n"
        )
    )
    assert points[OFFICERS].tolist() == [1, 2, 3]


def test_every_choice_meets_the_same_joint_draws_of_a_full_factorial(study):
    loaded = study(
        f"levers: {{{OFFICERS}: [2, 4], policy.operators: [1, 2]}}\n"
        f"uncertainties: [{PURSUE}, response.arrest_share]\n"
        "design: {kind: full-factorial, draws: 7}\n"
    )
    points = design(loaded)
    assert len(points) == 4 * 7 == point_count(loaded)
    drawn_values = points[[PURSUE, "response.arrest_share"]].to_numpy().reshape(4, 7, 2)
    assert (drawn_values == drawn_values[0]).all()
    assert len(np.unique(drawn_values[0, :, 0])) == 7


def test_each_slice_of_a_latin_hypercube_holds_one_point(study):
    loaded, points = drawn(study, "latin-hypercube, points: 60")
    slices = np.floor((points[THRESHOLD] - 0.56) / (0.64 - 0.56) * 60)
    assert sorted(slices) == list(range(60))
    assert points[OFFICERS].value_counts().to_dict() == {2: 20, 4: 20, 8: 20}
    assert points[SIZE].between(1000, 20000).all()
    assert loaded.names == tuple(points.columns[1:])


def test_a_latin_hypercube_draws_a_lever_alike_whichever_others_there_are(study):
    _, points = drawn(study, "latin-hypercube, points: 40")
    alone = design(
        study(
            f"levers: {{{THRESHOLD}: {{low: 0.56, high: 0.64}}}}\n"
            "design: {kind: latin-hypercube, points: 40}\n"
        )
    )
    pd.testing.assert_series_equal(alone[THRESHOLD], points[THRESHOLD])


def test_a_latin_hypercube_is_the_same_on_every_machine_and_version(study):  # regression
    loaded, _ = drawn(study, "latin-hypercube, points: 5")
    assert unit_points(loaded)[:, 2].tolist() == [
        0.712994105448141,
        0.5859445787559777,
        0.8128612788926111,
        0.052637537860796335,
        0.29509707370998567,
    ]


def test_whole_numbers_have_equal_slices_of_a_range(study):
    points = design(
        study(
            f"levers: {{{OFFICERS}: {{low: 1, high: 6}}}}\n"
            "design: {kind: latin-hypercube, points: 60}\n"
        )
    )
    assert points[OFFICERS].value_counts().to_dict() == dict.fromkeys(range(1, 7), 10)


def test_a_sobol_design_is_saltellis_scheme_with_sorted_columns(study):
    loaded, points = drawn(study, "sobol, points: 12")
    factors = len(loaded.names)
    assert len(points) == 16 * (factors + 2)
    unit = unit_points(loaded).reshape(16, factors + 2, factors)
    for place in range(factors):
        differs = unit[:, place + 1] != unit[:, 0]
        assert differs[:, place].all()
        assert not np.delete(differs, place, axis=1).any()
        assert (unit[:, place + 1, place] == unit[:, -1, place]).all()
    assert points[PURSUE].is_unique is False
    assert sorted(set(np.floor(unit[:, 0, 0] * 16))) == list(range(16))  # one in each slice


def test_a_sobol_design_is_salibs(study):  # parity
    loaded, _ = drawn(study, "sobol, points: 8, second_order: true")
    problem = {"num_vars": 5, "names": list(loaded.names), "bounds": [[0.0, 1.0]] * 5}
    seed = module._design_seed(loaded.study.seed)
    np.testing.assert_array_equal(unit_points(loaded), sobol.sample(problem, 8, seed=seed))


def test_a_trajectory_of_morris_moves_one_thing_at_a_time(study):
    loaded, points = drawn(study, "morris, trajectories: 6, levels: 4")
    factors = len(loaded.names)
    assert len(points) == 6 * (factors + 1)
    unit = unit_points(loaded).reshape(6, factors + 1, factors)
    moved = np.diff(unit, axis=1) != 0
    assert (moved.sum(axis=2) == 1).all()
    assert (moved.sum(axis=1) == 1).all()
    # Whatever moves in the cube moves the point: no step is lost to slices or rounding.
    for _, trajectory in points.drop(columns=col.POINT).groupby(np.arange(len(points)) // 6):
        assert (trajectory != trajectory.shift()).iloc[1:].sum(axis=1).eq(1).all()
    problem = {"num_vars": factors, "names": list(loaded.names), "bounds": [[0.0, 1.0]] * factors}
    seed = module._design_seed(loaded.study.seed)
    np.testing.assert_array_equal(unit_points(loaded), morris.sample(problem, 6, seed=seed))


@pytest.mark.parametrize("kind", ["latin-hypercube, points: 50", "sobol, points: 8"])
def test_uncertainties_follow_the_triangular_law_of_their_entry(study, kind):
    loaded, points = drawn(study, kind)
    held = entry(PURSUE)
    place = loaded.names.index(PURSUE)
    wanted = triangular(unit_points(loaded)[:, place], held.low, held.value, held.high)
    np.testing.assert_array_equal(points[PURSUE], wanted)
    assert points[PURSUE].between(held.low, held.high).all()


def test_another_seed_draws_other_points(study):
    for kind in ("latin-hypercube, points: 8", "sobol, points: 8", "morris, trajectories: 2"):
        one = design(study(f"{LEVERS}design: {{kind: {kind}}}\nseed: 1\n"))
        again = design(study(f"{LEVERS}design: {{kind: {kind}}}\nseed: 1\n"))
        two = design(study(f"{LEVERS}design: {{kind: {kind}}}\nseed: 2\n"))
        pd.testing.assert_frame_equal(one, again)
        assert (one[THRESHOLD] != two[THRESHOLD]).any()


def test_the_order_of_the_file_moves_no_point(study):
    first = design(study(f"{LEVERS}design: {{kind: sobol, points: 8}}\n"))
    lines = LEVERS.splitlines()
    turned = "\n".join([lines[0], *lines[4:0:-1], *lines[5:], ""])
    pd.testing.assert_frame_equal(
        design(study(f"{turned}design: {{kind: sobol, points: 8}}\n")), first
    )


@pytest.mark.parametrize(
    ("kind", "runs"),
    [
        ("latin-hypercube, points: 1000000000", "1,000,000,000"),
        ("sobol, points: 536870912", "3,758,096,384"),
        ("morris, trajectories: 200000000", "1,200,000,000"),
        ("full-factorial, draws: 1000000000", "6,000,000,000"),
    ],
)
def test_a_study_of_a_billion_runs_is_refused_before_it_is_drawn(study, kind, runs, monkeypatch):
    for name in ("unit_points", "_factorial"):
        monkeypatch.setattr(module, name, None)
    levers = LEVERS
    if kind.startswith("full"):
        levers = f"levers: {{{OFFICERS}: [1, 2, 3], policy.signs: [false, true]}}\n"
        levers += f"uncertainties: [{PURSUE}]\n"
    with pytest.raises(SimError, match=f"are {runs} runs; at most 10,000,000"):
        design(study(f"{levers}design: {{kind: {kind}}}\n"))


def test_a_design_of_more_values_than_memory_holds_is_refused(study, monkeypatch):
    monkeypatch.setattr(module, "unit_points", None)
    text = f"{LEVERS}  \ndesign: {{kind: latin-hypercube, points: 9000000}}\n"
    loaded = study(text.replace(f"[{PURSUE}]", '["matching.*", "response.*"]'))
    with pytest.raises(SimError, match=r"9,000,000 points of \d+ levers and uncertainties are"):
        design(loaded)


TABLE = f"""\
levers:
  {THRESHOLD}:
  {OFFICERS}: [2, 4]
  {SIZE}: {{low: 100, high: 20000}}
  policy.signs:
  assumptions.error_model:
  policy.watchlist.composition:
    options:
      even: {{sex: {{female: 0.5, male: 0.5}}, ethnicity: {{white: 0.2, black: 0.2, asian: 0.2,
        mixed: 0.2, other: 0.2}}, age_band: {{child: 0.0, young: 0.5, middle: 0.5, older: 0.0}}}}
uncertainties: [{PURSUE}, error_model.fmr_060]
design: {{kind: table, file: points.csv}}
"""
COLUMNS = [
    THRESHOLD,
    OFFICERS,
    SIZE,
    "policy.signs",
    "assumptions.locomotion",
    "policy.watchlist.composition",
    PURSUE,
    "error_model.fmr_060",
]
ROW = ["0.6", "2", "1000", "true", "anticipation", "even", "0.9", "1.67e-8"]
TABLE = TABLE.replace("assumptions.error_model", "assumptions.locomotion")


def csv_of(*rows, header=COLUMNS):
    return "\n".join(",".join(cells) for cells in (header, *rows)) + "\n"


def with_cell(column, text):
    return [text if name == column else cell for name, cell in zip(COLUMNS, ROW, strict=True)]


def test_a_table_gives_the_points(study):
    points = design(study(TABLE, points=csv_of(ROW, with_cell(THRESHOLD, "0.62"))))
    assert points[col.POINT].tolist() == [0, 1]
    assert points[THRESHOLD].tolist() == [0.6, 0.62]
    first = points.iloc[0]
    assert (first[OFFICERS], first[SIZE], first["policy.signs"]) == (2, 1000, True)
    assert first["assumptions.locomotion"] == "anticipation"
    assert first["error_model.npl-2023.fmr_060"] == 1.67e-8
    assert points[OFFICERS].dtype == np.int64


def test_a_design_that_was_written_is_read_as_the_same_design(study, tmp_path):
    points = design(study(TABLE, points=csv_of(ROW, with_cell(PURSUE, "0.7123456789012345"))))
    by_csv = design(study(TABLE, points=points.to_csv(index=False)))
    pd.testing.assert_frame_equal(by_csv, points)
    points.to_parquet(tmp_path / "points.parquet", index=False)
    by_parquet = design(study(TABLE.replace("points.csv", "points.parquet")))
    pd.testing.assert_frame_equal(by_parquet, points)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (csv_of(), "points.csv: holds no points"),
        ("", "points.csv: holds no points"),
        (csv_of([*ROW, "1"], header=[*COLUMNS, PURSUE]), f"the column '{PURSUE}' is there twice"),
        (csv_of([*ROW, "1"], header=[*COLUMNS, "extra"]), "the column 'extra' is neither a lever"),
        (
            csv_of(ROW, header=["policy.treshold", *COLUMNS[1:]]),
            "'policy.treshold' is neither a lever nor an uncertainty of the study; did you mean "
            "'policy.threshold'?",
        ),
        (csv_of(ROW[1:], header=COLUMNS[1:]), f"has no column '{THRESHOLD}', which the study"),
        (
            csv_of([*ROW, "1e-8"], header=[*COLUMNS, "error_model.npl-2023.fmr_060"]),
            "the columns 'error_model.fmr_060' and 'error_model.npl-2023.fmr_060' are the same",
        ),
        (csv_of(ROW, ROW[1:]), "points.csv:3: has 7 cells; the first line names 8 columns"),
        (csv_of(ROW, with_cell(THRESHOLD, "high")), "points.csv:3: policy.threshold: must be a nu"),
        (csv_of(with_cell(THRESHOLD, "1.2"), ROW), "points.csv:2: policy.threshold: must be at mo"),
        (csv_of(with_cell(THRESHOLD, "")), "points.csv:2: policy.threshold: must be a number, a t"),
        (csv_of(with_cell(THRESHOLD, "nan")), "points.csv:2: policy.threshold: must be a number"),
        (csv_of(with_cell(OFFICERS, "3")), "policy.officers: must be one of 2, 4; found '3'"),
        (csv_of(with_cell(OFFICERS, "2.5")), "policy.officers: must be one of 2, 4; found '2.5'"),
        (csv_of(with_cell(SIZE, "50")), "must be a whole number from 100 to 20000; found '50'"),
        (csv_of(with_cell("policy.signs", "often")), "policy.signs: must be true or false"),
        (
            csv_of(with_cell("policy.watchlist.composition", "evn")),
            "policy.watchlist.composition: must be one of even; found 'evn'",
        ),
        (csv_of(with_cell(PURSUE, "0.1")), f"{PURSUE}: must be a number from 0.55 to 0.99; found"),
        (csv_of(["7", *ROW], header=[col.POINT, *COLUMNS]), "point: must count the rows from 0"),
        ('"unclosed\n', "points.csv:1: not CSV"),
    ],
)
def test_a_bad_table_says_where_and_why(study, text, words):
    with pytest.raises(ScenarioError) as caught:
        design(study(TABLE, points=text))
    assert words in str(caught.value)


def test_of_many_bad_cells_the_first_are_told_and_the_rest_counted(study):
    with pytest.raises(ScenarioError) as caught:
        study(TABLE, points=csv_of(*[with_cell(SIZE, "50")] * 50))
    assert len(caught.value.faults) == 21
    assert caught.value.faults[-1] == "and 30 more cells at fault"


def test_a_date_in_a_parquet_table_is_refused(study, tmp_path):
    table = pd.DataFrame([dict(zip(COLUMNS, ROW, strict=True))])
    table[THRESHOLD] = pd.Timestamp("2024-03-01")
    table.to_parquet(tmp_path / "points.parquet", index=False)
    with pytest.raises(ScenarioError, match=r"points\.parquet: row 1: policy\.threshold: must be"):
        study(TABLE.replace("points.csv", "points.parquet"))


def test_combinations_of_more_things_than_an_array_has_axes_are_counted():
    index = module._combinations([1] * 70 + [2, 3])
    assert len(index) == 72
    assert index[70].tolist() == [0, 0, 0, 1, 1, 1]
    assert index[71].tolist() == [0, 1, 2, 0, 1, 2]


def test_a_file_that_is_no_parquet_is_named(study, tmp_path):
    (tmp_path / "points.parquet").write_text("no", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"points\.parquet: not Parquet"):
        study(TABLE.replace("points.csv", "points.parquet"))
