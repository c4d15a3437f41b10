"""What a capsule says of itself to people: the page that a stranger reads first.

State: none.
"""

from collections.abc import Mapping
from typing import Any

from sim import columns as col
from sim.answer.outcomes import ALL_OUTCOMES
from sim.storage.provenance import STUDY

README = "README.md"


def readme(manifest: Mapping[str, Any], missing: str) -> str:
    """Return the page that a stranger reads first."""
    commit = manifest["commit"] or "not known (installed from a package)"
    return f"""# {manifest["title"]}

{description(manifest, missing)}

The numbers are of a simulated street: what follows from assumptions, not counts of what happened.

- Hash of all that determines them: {manifest.get("study_hash") or manifest["scenario_hash"]}
- Commit of the program: {commit}
- Python {manifest["python"]} on {manifest["platform"]}; packages in `requirements.txt`
- Begun {manifest["written"]}

Check that nothing was changed: `sha256sum --check checksums.sha256`

Run it again and compare: `passerby rerun FILE.zip`

`ro-crate-metadata.json` says the same to machines.
{_columns(manifest)}"""


def _columns(manifest: Mapping[str, Any]) -> str:
    """Return what the columns of a study's results mean, as a table."""
    if manifest["kind"] != STUDY:
        return ""
    rows = [
        (name, col.TABLE_COLUMNS[name].unit, col.TABLE_COLUMNS[name].meaning)
        for name in (col.POINT, col.REPLICATION, col.SEED, col.STATUS, col.REASON)
    ]
    rows += [
        (name, ALL_OUTCOMES[name].unit, ALL_OUTCOMES[name].meaning)
        for name in manifest["outcomes"]
        if name in ALL_OUTCOMES
    ]
    lines = [
        "",
        "## Columns of results.parquet",
        "",
        "| column | unit | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {unit} | {meaning} |" for name, unit, meaning in rows]
    lines += ["", "Any other column is a lever or an uncertainty of the study, at that point."]
    return "\n".join(lines) + "\n"


def description(manifest: Mapping[str, Any], missing: str) -> str:
    """Return what the capsule holds, as sentences."""
    who = f"Passerby {manifest['passerby']}, a simulator of police live facial recognition"
    if manifest["kind"] == STUDY:
        done = manifest["finished"]
        size = f"{manifest['points']:,} points with {manifest['replications']:,} replications each"
        failed = (
            "unfinished"
            if done is None
            else "none failed"
            if not done["failed_rows"]
            else f"{done['failed_rows']:,} of {done['rows']:,} rows failed and say why"
        )
        what = f"A study by {who}: {size}; {failed}."
    else:
        what = f"One run of a scenario by {who}."
    return what + (f" Incomplete: {missing}." if missing else "")
