"""Where numbers come from: what ran, on what, with which seeds, when, and how much failed.

Every folder of results has it in its manifest, every figure in its metadata; both are made here.
*Provenance* is the short form that a figure carries (keys in ``FIGURE_KEYS``); a *manifest* has
more and lies beside the tables.

Dates are those of the clock, unless the environment variable ``SOURCE_DATE_EPOCH`` (whole seconds
since 1970) names another: with it the same work gives the same bytes.

State: none.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import sim
from sim.errors import SimError
from sim.scenario.identity import scenario_hash
from sim.scenario.schema import Scenario
from sim.storage.environment import environment

MANIFEST = "manifest.json"
RESULTS = "results.parquet"
STUDY, RUN, RECORD = "passerby study", "passerby run", "passerby record"  # kinds of manifest
FORMAT = 1  # of the manifest; raised when a key changes its meaning
EPOCH = "SOURCE_DATE_EPOCH"
FIGURE_KEYS = (
    "scenario",
    "study",
    "hash",
    "seeds",
    "passerby",
    "python",
    "packages",
    "commit",
    "date",
    "failures",
)
MOST_SEEDS = 100  # named in a figure; of more, how many and which from and to

_HASH_LENGTH = 16


def written() -> str:
    """Return the date of now, or of ``SOURCE_DATE_EPOCH``, in UTC as ISO 8601."""
    epoch = os.environ.get(EPOCH)
    if epoch is None:
        return datetime.now(UTC).isoformat(timespec="seconds")
    try:
        return datetime.fromtimestamp(int(epoch), UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        raise SimError(
            f"{EPOCH}={epoch}: must be whole seconds since 1970, such as 1700000000, or not set"
        ) from None


def manifest_of_run(scenario: Scenario, run_id: str) -> dict[str, Any]:
    """Return the manifest of one scenario that has run."""
    return {
        "kind": RUN,
        "format": FORMAT,
        "run_id": run_id,
        "study": None,
        "title": scenario.title,
        "scenario": scenario.model_dump(mode="json"),
        "scenario_hash": scenario_hash(scenario),
        "seed": scenario.run.seed,
        "seeds": [scenario.run.seed],
        **environment(),
        "written": written(),
        "runs_failed": 0,
    }


def provenance(
    *,
    scenario: str | None,
    study: str | None,
    digest: str,
    seeds: Sequence[int],
    failures: Mapping[str, int],
) -> dict[str, Any]:
    """Return what a figure carries, of work that this process has done.

    scenario, study : names; None: there is none
    digest          : hash of all that determines the numbers but the seed
    failures        : "rows" and "failed": how many rows there are, and how many without a result
    """
    around = environment()
    return {
        "scenario": scenario,
        "study": study,
        "hash": digest,
        "seeds": _few(seeds),
        **{key: around[key] for key in ("passerby", "python", "packages", "commit")},
        "date": written(),
        "failures": dict(failures),
    }


def provenance_of_scenarios(
    scenarios: Sequence[Scenario],
    *,
    study: str | None = None,
    options: Mapping[str, object] | None = None,
    failed: int = 0,
) -> dict[str, Any]:
    """Return what a figure of one or more scenarios carries.

    options : whatever else the numbers depend on; it goes into the hash
    """
    hashes = [scenario_hash(scenario) for scenario in scenarios]
    if options is not None:
        hashes += [f"{name}={value}" for name, value in sorted(options.items())]
    return provenance(
        scenario=", ".join(scenario.name for scenario in scenarios),
        study=study,
        digest=hashes[0] if len(hashes) == 1 else text_hash("\n".join(hashes)),
        seeds=sorted({scenario.run.seed for scenario in scenarios}),
        failures={"rows": len(scenarios), "failed": failed},
    )


def provenance_of_evidence(study: str) -> dict[str, Any]:
    """Return what a figure carries that rests on the published figures alone."""
    data = Path(sim.__file__).parent / "evidence"
    files = sorted(data.rglob("*.csv"))
    return provenance(
        scenario=None,
        study=study,
        digest=text_hash("\n".join(file_sha256(file) for file in files)),
        seeds=(),
        failures={"rows": 1, "failed": 0},
    )


def provenance_of_manifest(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a figure drawn from a results folder carries: of its numbers, not of its ink.

    Versions, commit and date are those of the results, so that the same folder gives the same
    figure, whenever it is drawn.
    """
    done = manifest.get("finished")
    if manifest["kind"] == STUDY:
        scenario, digest = manifest["scenario"], manifest["study_hash"]
        rows = manifest["points"] * manifest["replications"] if done is None else done["rows"]
        failures = {"rows": rows, "failed": None if done is None else done["failed_rows"]}
    else:
        asked = manifest["scenario"]
        scenario = None if asked is None else asked["name"]
        digest = manifest["study_hash"] if asked is None else manifest["scenario_hash"]
        failures = {"rows": 1, "failed": manifest["runs_failed"]}
    return {
        "scenario": scenario,
        "study": manifest["study"],
        "hash": digest,
        "seeds": _few(manifest["seeds"]),
        **{key: manifest[key] for key in ("passerby", "python", "packages", "commit")},
        "date": manifest["written"] if done is None else done["date"],
        "failures": failures,
    }


def provenance_of_folder(folder: Path) -> dict[str, Any]:
    """Return what a figure drawn from a results folder carries; its manifest is read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return provenance_of_manifest(manifest)
    except FileNotFoundError:
        raise SimError(
            f"{folder}: no {MANIFEST} there; name a folder that this program wrote"
        ) from None
    except OSError as error:
        raise SimError(f"{folder / MANIFEST}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise SimError(
            f"{folder / MANIFEST}: is torn, was changed or is of an earlier version; run it again"
        ) from None


def text_hash(text: str) -> str:
    """Return a short hash of a text."""
    return sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _few(seeds: Sequence[int]) -> list[int] | dict[str, int]:
    if len(seeds) <= MOST_SEEDS:
        return list(seeds)
    return {"count": len(seeds), "smallest": min(seeds), "largest": max(seeds)}
