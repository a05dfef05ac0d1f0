"""`blazerig doctor`: whether tracking will work here, on what, and what to do where it will not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from .arguments import Commands

if TYPE_CHECKING:
    from ..models.doctor import ProviderReport, Report


def add(commands: Commands) -> None:
    """The command and its options."""
    doctor = commands.add_parser("doctor", help="look at machine, packages, nets and GPUs")
    doctor.set_defaults(run=run)
    doctor.add_argument("--json", action="store_true", help="for programs: one JSON object on one line")


def run(options: argparse.Namespace) -> int:
    """Print what was found; 0 where tracking will work, else 1."""
    from ..models.doctor import examine

    report = examine()
    said = list(lines(report))
    print(json.dumps({**asdict(report), "lines": said}) if options.json else "\n".join(said))
    return 1 if report.problems else 0


def lines(report: Report) -> Iterator[str]:
    """The report for people."""
    gpus = ", ".join(report.gpus) or "none that the system tells of"
    yield from _table("machine", {**report.machine, "cores": str(report.cores), "gpus": gpus})
    yield from _table("packages", report.packages)
    yield from _table("providers", {entry.name: _words(entry) for entry in report.providers})
    states = sorted(set(report.weights.values()))
    yield from _table(
        "nets",
        {state: ", ".join(sorted(n for n, s in report.weights.items() if s == state)) for state in states},
    )
    yield from _table("folders", {**report.folders, "takes": "where -o says; in Blender, beside the .blend"})
    taken = next((entry.name for entry in report.providers if entry.taken), "")
    if report.problems:
        yield from (f"problem: {problem}" for problem in report.problems)
    else:
        yield f"tracking works, on {taken}"


def _table(title: str, rows: Mapping[str, str]) -> Iterator[str]:
    if rows:
        yield title
        width = max(map(len, rows))
        yield from (f"  {name:{width}}  {value}" for name, value in rows.items())


def _words(report: ProviderReport) -> str:
    if report.milliseconds is None:
        return f"not used: {report.trouble}"
    return f"{'taken' if report.taken else 'works'}, {report.milliseconds:.1f} ms a frame"
