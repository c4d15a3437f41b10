"""Which test checks which verification case of the literature, V1 to V15.

Every test named here exists: ``tests/test_validation_page.py`` looks.
"""

from typing import NamedTuple

MOVEMENT = "tests/kernels/test_movement.py"
STREET = "tests/theory/test_street_theory.py"
WALK = "tests/model/test_walk.py"


class Case(NamedTuple):
    """A verification case: its name, what must hold, the same in other lists, and our tests."""

    name: str
    what: str
    tests_elsewhere: str
    ours: tuple[str, ...]


CASES = (
    Case(
        "V1",
        "a free person keeps the desired speed (40 m in 40 s, within 1 %)",
        "RiMEA 1, IMO 1, NIST 2.1, Juelich 1",
        (
            f"{MOVEMENT}::test_v1_forty_metres_at_one_metre_a_second_take_forty_seconds",
            f"{STREET}::test_alone_people_walk_at_their_desired_speed",
        ),
    ),
    Case(
        "V2",
        "a place turned or moved gives the same walk",
        "Juelich 2",
        (
            f"{MOVEMENT}::test_v2_a_turned_and_shifted_street_gives_the_turned_and_shifted_walk",
            f"{STREET}::test_a_place_turned_or_moved_is_the_same_place",
        ),
    ),
    Case(
        "V3",
        "nobody leaves the ground at a corner",
        "RiMEA 6, IMO 6, NIST 2.3",
        (
            f"{MOVEMENT}::test_v3_nobody_leaves_the_place_at_a_corner",
            f"{STREET}::test_nobody_leaves_the_ground_at_a_corner",
        ),
    ),
    Case(
        "V4",
        "a person stands behind one who stands; no bodies overlap",
        "Juelich 5",
        (
            f"{MOVEMENT}::test_v4_a_person_stands_behind_one_who_stands",
            f"{STREET}::test_nobody_is_nearer_to_another_than_two_radii",
        ),
    ),
    Case(
        "V5",
        "the fast overtake the slow and the standing",
        "Juelich 4",
        (
            f"{MOVEMENT}::test_v5_a_person_overtakes_one_who_stands",
            f"{STREET}::test_the_fast_overtake_the_slow",
        ),
    ),
    Case(
        "V6",
        "nobody reacts to a person behind a wall (less than 5 mm), nobody walks through one",
        "RiMEA 6, Juelich 12",
        (
            f"{MOVEMENT}::test_v6_people_do_not_react_through_a_wall",
            f"{STREET}::test_nobody_walks_through_a_thin_wall",
        ),
    ),
    Case(
        "V7",
        "speeds, heights, groups and party sizes follow their distributions",
        "RiMEA 7, IMO 7, NIST 2.4",
        (
            f"{WALK}::test_people_alone_have_the_speeds_of_the_register",
            f"{WALK}::test_adults_have_the_heights_of_the_register",
            f"{WALK}::test_groups_come_in_their_shares",
            f"{WALK}::test_party_sizes_follow_their_law",
        ),
    ),
    Case(
        "V8",
        "start times and counts of arrivals",
        "RiMEA 5, IMO 5, NIST 1.1",
        (
            f"{WALK}::test_arrivals_have_the_mean_and_the_spread_of_a_gamma_poisson",
            f"{WALK}::test_within_the_hour_parties_come_as_a_poisson_process",
            f"{WALK}::test_a_count_in_a_window_gives_back_itself_and_its_profile_elsewhere",
        ),
    ),
    Case(
        "V9",
        "everybody leaves by the exit assigned, in the shares of the flows",
        "RiMEA 10, IMO 10, NIST 3.1",
        (
            "tests/test_validation_page.py::"
            "test_people_leave_by_their_own_exit_and_in_the_shares_of_the_flows",
        ),
    ),
    Case(
        "V10",
        "the same seed gives the same bytes on any number of threads",
        "none",
        ("tests/test_determinism.py::test_hash_seed_and_threads_change_no_byte",),
    ),
    Case(
        "V11",
        "people in are people out, present and waiting, in every step",
        "none",
        (f"{STREET}::test_people_are_conserved_in_every_step",),
    ),
    Case(
        "V12",
        "bad input gives an error that says where and why",
        "none",
        ("tests/scenario/test_load.py::test_a_bad_scenario_says_where_and_why",),
    ),
    Case(
        "V13",
        "half the time step changes the mean speed by less than 2 %",
        "none",
        (
            f"{MOVEMENT}::"
            "test_v13_half_the_time_step_changes_the_mean_speed_by_less_than_two_per_cent",
            f"{STREET}::test_half_the_time_step_changes_transit_by_less_than_two_percent",
        ),
    ),
    Case(
        "V14",
        "a wall drawn in pieces is one wall",
        "Juelich 11",
        (f"{MOVEMENT}::test_a_straight_wall_in_pieces_is_one_wall",),
    ),
    Case(
        "V15",
        "sight lines: cases by hand, an independent twin, the closed form of a Poisson crowd",
        "none",
        (
            "tests/kernels/test_sightlines.py::"
            "test_a_person_in_front_hides_the_face_from_the_height_of_the_hand_case",
            "tests/kernels/test_sightlines.py::test_the_kernel_agrees_with_the_independent_twin",
            "tests/theory/test_sightlines_theory.py::"
            "test_a_standing_poisson_crowd_hides_as_the_closed_form_says",
        ),
    ),
)
