"""A small study to be packed, and capsules spoiled in many ways: for tests."""

import zipfile
from dataclasses import replace

import pandas as pd

from sim.capsules.archive import CHECKSUMS, write_archive
from sim.storage.environment import environment
from sim.studies.run.runner import run_study
from tests import fakes


def asked():
    """Ask for six units, with a manifest as a real study has it."""
    found = fakes.asked(units=6)
    manifest = {
        **found.manifest,
        "format": 1,
        "outcomes": list(fakes.OUTCOMES),
        "scenario": "reference",
        "scenario_hash": "0" * 16,
        "seed": 1,
        "seeds": [unit.scenario.run.seed for unit in found.units],
        **environment(),
        "written": "2024-01-02T03:04:05+00:00",
    }
    return replace(found, manifest=manifest)


def same_again(_capsule, home):
    run_study(asked(), home, workers=0, work=fakes.rows)


def changed(file, changes, *, listed=True):
    """Write a capsule again with some files changed; with ``listed`` the list agrees."""
    with zipfile.ZipFile(file) as old:
        files = {name: old.read(name) for name in old.namelist() if name != CHECKSUMS}
        checksums = old.read(CHECKSUMS)
    files |= changes
    if listed:
        write_archive(files, file)
        return file
    with zipfile.ZipFile(file, "w") as new:
        for name, content in {**files, CHECKSUMS: checksums}.items():
            new.writestr(name, content)
    return file


def with_results(file, change):
    """Put the changed table in the place of the stored one; the list of checksums agrees."""
    with zipfile.ZipFile(file) as old, old.open("results.parquet") as stream:
        table = pd.read_parquet(stream)
    here = file.with_suffix(".parquet")
    change(table).to_parquet(here, index=False)
    return changed(file, {"results.parquet": here.read_bytes()})


def begin_and_stop(folder):
    """Work on three of six units, then let the watcher stop it all."""

    def watch(standing):
        if standing.done == 3:
            raise ZeroDivisionError

    run_study(asked(), folder, workers=0, work=fakes.rows, progress=watch)
