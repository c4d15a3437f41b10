"""The page and the machine-readable copy of what the experiments found.

The section lies between two marks in ``validation.md``; what is outside them is left as it is.
Experiments that were not run again keep their last findings, with their own date and commit.
"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from scripts.validation.experiments import EXPERIMENTS
from scripts.validation.plots import drawn
from scripts.validation.results import Experiment, Outcome, Setting
from scripts.validation.verification import CASES
from sim import __version__

BEGIN, END = "<!-- walk: begin -->", "<!-- walk: end -->"
PAGE, COPY = "validation.md", "validation-walk.json"
ROOT = Path(__file__).resolve().parents[2]

Record = dict[str, Any]  # what the JSON file holds of one experiment


def record_of(experiment: Experiment, outcome: Outcome, setting: Setting) -> Record:
    """Return one experiment's findings with their date, version, commit and size."""
    record: Record = {
        "title": experiment.title,
        "tests": experiment.tests,
        "date": datetime.now(UTC).date().isoformat(),
        "version": __version__,
        "commit": commit(),
        "seeds": setting.seeds,
        "quick": setting.quick,
        "findings": [asdict(finding) for finding in outcome.findings],
        "curves": dict(outcome.curves),
    }
    plain: Record = _plain(record)  # the page shows the very numbers that the copy holds
    return plain


def commit() -> str:
    """Return the short commit, with "+changes" where the tree differs from it."""
    try:
        found = _git("rev-parse", "--short", "HEAD")
        return found + ("+changes" if _git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed words
        ["git", *words],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def read_records(folder: Path) -> dict[str, Record]:
    """Return what was found before, by experiment."""
    copy = folder / COPY
    if not copy.exists():
        return {}
    found: dict[str, Record] = json.loads(copy.read_text(encoding="utf-8"))["experiments"]
    return found


def write(records: Mapping[str, Record], folder: Path) -> list[Path]:
    """Write the page's section, the copy and the plots; return what was written."""
    pictures = folder.parent / "img"
    for path in (folder, pictures):
        path.mkdir(parents=True, exist_ok=True)
    written = []
    for experiment in EXPERIMENTS:
        if experiment.plot and experiment.name in records:
            picture = pictures / f"{experiment.plot}.svg"
            picture.write_text(
                drawn(experiment.plot, records[experiment.name]["curves"]), encoding="utf-8"
            )
            written.append(picture)
    copy = folder / COPY
    whole = {"schema_version": 1, "experiments": dict(records)}
    copy.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = folder / PAGE
    before = page.read_text(encoding="utf-8") if page.exists() else "# Validation\n"
    page.write_text(with_section(before, section(records)), encoding="utf-8")
    return [page, copy, *written]


def with_section(page: str, text: str) -> str:
    """Return the page with ``text`` between the marks, which are added where they are missing."""
    if BEGIN not in page:
        page = page.rstrip("\n") + f"\n\n{BEGIN}\n{END}\n"
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{text.strip()}\n{END}{tail}"


def section(records: Mapping[str, Record]) -> str:
    """Return the section "The walk" as Markdown."""
    lines = ["## The walk", ""]
    lines += [*_summary(records), ""]
    for experiment in EXPERIMENTS:
        if experiment.name in records:
            lines += _experiment(experiment, records[experiment.name])
    lines += ["### Checked on every commit", ""]
    lines += ["| | what must hold | elsewhere | tests |", "|---|---|---|---|"]
    for case in CASES:
        tests = "<br>".join(f"`{test}`" for test in case.ours)
        lines.append(f"| {case.name} | {case.what} | {case.tests_elsewhere} | {tests} |")
    return "\n".join(lines)


def missed(records: Mapping[str, Record]) -> list[str]:
    """Return a line for each criterion that is missed."""
    return [
        f"{name}, {finding['model']}: {finding['what']}: {_ours(finding)}; "
        f"wanted {finding['criterion']}"
        for name, record in records.items()
        for finding in record["findings"]
        if finding["met"] is False
    ]


def _summary(records: Mapping[str, Record]) -> list[str]:
    judged = [
        finding["met"]
        for record in records.values()
        for finding in record["findings"]
        if finding["met"] is not None
    ]
    stamps = sorted({(r["date"], r["version"], r["commit"]) for r in records.values()})
    stamp = "; ".join(f"{date}, version {version}, commit {at}" for date, version, at in stamps)
    lines = [
        f"`python -m scripts.validation`, {stamp}.",
        "Men between 18 and 64 with desired speeds N(1.34, 0.26) m/s cut to 0.5 to 2.2; steps of "
        "0.05 s; the register's numbers; mean (standard deviation over seeds). RiMEA, IMO "
        "MSC.1/Circ.1533, NIST TN 1822 and Juelich numbers name the same test there; "
        "NIST's are from memory.",
        "",
        f"**{sum(judged)} of {len(judged)} criteria met.**",
    ]
    if missed(records):
        lines += ["Missed:", "", *(f"- {line}" for line in missed(records))]
    if any(record["quick"] for record in records.values()):
        lines += ["", "**Some experiments ran at reduced size (`--quick`).**"]
    return lines


def _experiment(experiment: Experiment, record: Record) -> list[str]:
    lines = [
        f"### {experiment.name}. {experiment.title}",
        "",
        f"{experiment.method} Elsewhere: {experiment.tests}. Seeds: {record['seeds']}.",
        "",
        "| what | model | published | ours | unit | criterion | met |",
        "|---|---|---|---|---|---|---|",
    ]
    notes = []
    for finding in record["findings"]:
        met = {True: "yes", False: "**no**", None: ""}[finding["met"]]
        mark = ""
        if finding["note"] and finding["ours"] is not None:
            notes.append(f"{finding['what']}, {finding['model']}: {finding['note']}.")
            mark = f" [{len(notes)}]"
        cells = (
            finding["what"] + mark,
            finding["model"],
            finding["published"],
            _ours(finding),
            finding["unit"],
            finding["criterion"],
            met,
        )
        lines.append("| " + " | ".join(cells) + " |")
    if notes:
        lines += ["", *(f"[{number}] {note}  " for number, note in enumerate(notes, 1))]
    if experiment.remark:
        lines += ["", experiment.remark]
    if experiment.plot:
        lines += ["", f"![{experiment.title}](../img/{experiment.plot}.svg)"]
    return [*lines, ""]


def _ours(finding: Mapping[str, Any]) -> str:
    if finding["ours"] is None:
        return str(finding["note"]) or "none"
    digits = 3 if finding["unit"] == "m/s" else 2
    value, spread = finding["ours"], finding["spread"]
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else digits
    return f"{value:.{digits}f}" + ("" if spread is None else f" ({spread:.{digits}f})")


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON knows it: plain numbers of six digits, null if not finite."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    number = float(value)
    return float(f"{number:.6g}") if isfinite(number) else None
