"""`blazerig bench`: how fast footage is tracked here, beside the reference if wanted."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import Commands, add_provider, count, file_ending, positive

if TYPE_CHECKING:
    from ..models.bench import Reference, Result

_ROOT = Path(__file__).resolve().parents[1]
_PYTHON = _ROOT / ".venv-reference" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
_SCRIPT = _ROOT / "tests" / "reference" / "speed.py"


def add(commands: Commands) -> None:
    """The command and its options."""
    bench = commands.add_parser("bench", help="measure how fast footage is tracked: body, hands and face")
    bench.set_defaults(run=run)
    bench.add_argument("video", metavar="VIDEO", type=Path)
    bench.add_argument("--mode", choices=("offline", "live"), default="offline", help="default: offline")
    add_provider(bench)
    bench.add_argument("--against", choices=("mediapipe",), help="in turns with it, A B A B")
    bench.add_argument("--turns", metavar="N", type=count, default=3, help="default: 3")
    bench.add_argument("--end", metavar="SECONDS", type=positive, help="leave out what is after")
    bench.add_argument(
        "--json", metavar="FILE", type=file_ending(".json"), help="write the figures there too"
    )


def run(options: argparse.Namespace) -> int:
    """Measure and print; the exit code."""
    from ..models.bench import bench
    from ..output import check_writable, written_whole

    if options.json:
        check_writable(options.json)
    with _reference(options.against) as reference:
        result = bench(
            options.video,
            mode=options.mode,
            provider=options.provider,
            turns=options.turns,
            end=options.end,
            reference=reference,
        )
    print("\n".join(lines(result)))
    if options.json:
        with written_whole(options.json) as unfinished:
            unfinished.write_text(json.dumps(asdict(result), indent=1))
    return 0


@contextlib.contextmanager
def _reference(against: str | None) -> Generator[Reference | None, None, None]:
    if against is None:
        yield None
        return
    from ..models.bench import Reference

    reference = Reference(_PYTHON, _SCRIPT)
    try:
        yield reference
    finally:
        reference.close()


def lines(result: Result) -> Iterator[str]:
    """The figures as a table."""
    yield f"{result.mode}, {result.provider}, {result.frames} frames, body, hands and face"
    yield f"{'frames/s':24}{result.fps:10.1f}"
    if result.reference_fps is not None:
        turns = ", ".join(f"{ratio:.2f}" for ratio in result.ratios)
        yield f"{'reference, frames/s':24}{result.reference_fps:10.1f}"
        yield f"{'ratio':24}{result.ratio:10.2f}   turn by turn {turns}"
    if result.floor_fps is not None:
        yield f"{'nets alone, frames/s':24}{result.floor_fps:10.1f}   every core at the nets and nothing else"
    if result.peak_rss_mb is not None:
        yield f"{'peak memory, MB':24}{result.peak_rss_mb:10.0f}"
    yield f"{'':24}{'ms/frame':>10}{'crops/frame':>14}"
    for name, milliseconds in result.stages_ms.items():
        crops = result.crops.get(name.removeprefix("net: "))
        yield f"{name:24}{milliseconds:10.2f}" + ("" if crops is None else f"{crops:14.2f}")
