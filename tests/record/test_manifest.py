"""The manifest of a table of deployments that was predicted from another."""

from sim.evidence.tables import deployments
from sim.record.against_record import record_manifest
from sim.record.log import from_table
from sim.storage.provenance import FIGURE_KEYS, provenance_of_manifest


def test_a_record_s_manifest_hangs_on_its_tables_and_carries_as_much():
    log = from_table(deployments(), "published")
    fewer = from_table(deployments().iloc[:-1], "published")
    found = record_manifest(log, log, seed=3)
    other = record_manifest(log, fewer, seed=3)
    assert found["study_hash"] != other["study_hash"]
    figure = provenance_of_manifest(found)
    assert tuple(figure) == FIGURE_KEYS
    assert figure["scenario"] is None
    assert figure["study"] == "record"
    assert figure["hash"] == found["study_hash"]
    assert figure["seeds"] == [3]
