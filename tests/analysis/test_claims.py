"""Unit: published claims taken apart."""

import pytest

from sim.analysis.claims import read_claim
from sim.errors import SimError


def test_the_annual_report_by_both_denominators():
    claim = read_claim("10 false of 3,147,436 faces and 2,077 alerts")
    faces, alerts = claim.shares
    assert (faces.unit, faces.of) == ("faces scanned", 3_147_436)
    assert faces.one_in == pytest.approx(314_743.6)
    assert alerts.estimate == pytest.approx(10 / 2077)
    assert not claim.missing


def test_eight_of_ten_has_the_exact_interval():
    (share,) = read_claim("8 of 10").shares
    assert (round(share.low, 2), round(share.high, 2)) == (0.44, 0.97)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0.0003 %", 3e-6),
        ("0.0003%", 3e-6),
        ("1 in 33,000", 1 / 33_000),
        ("one in 6,000 people", 1 / 6000),
        ("99.9997 % accurate", 3e-6),
        ("89 per cent of alerts", 0.89),
        ("3 out of 60", 0.05),
        ("3/60", 0.05),
    ],
)
def test_one_share_however_it_is_written(text, share):
    assert read_claim(text).shares[0].estimate == pytest.approx(share, rel=1e-9)


def test_a_share_without_denominator_asks_what_it_divides_by():
    claim = read_claim("0.0003 %")
    assert claim.shares[0].unit == "not said"
    assert claim.missing[0].startswith("what it divides by")
    assert claim.shares[0].low is None


def test_a_named_denominator_is_not_asked_for_again():
    claim = read_claim("1 in 33,000 faces")
    assert claim.shares[0].unit == "faces scanned"
    assert not any(words.startswith("what it divides by") for words in claim.missing)


def test_accuracy_is_turned_into_what_is_wrong():
    assert read_claim("99.9997 % accurate").says.startswith("wrong divided by")


def test_none_of_many_has_an_upper_bound():
    (share,) = read_claim("0 of 62 deployments").shares
    assert share.estimate == 0
    assert share.one_in is None
    assert share.high == pytest.approx(1 - 0.05 ** (1 / 62))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("very accurate", "no share was found"),
        ("", "no share was found"),
        ("120 %", "120 % is more than all"),
        ("12 of 10", "12 events are more than 10"),
        ("3 of 0", "a share of 0 cases cannot be taken"),
        ("2.5 of 10", "a count cannot be 2.5"),
        ("100 % accurate", "nothing wrong in how many?"),
        ("1 in 0.5", "is more than all"),
    ],
)
def test_a_claim_without_meaning_says_why(text, words):
    with pytest.raises(SimError, match="claim") as caught:
        read_claim(text)
    assert words in str(caught.value)
