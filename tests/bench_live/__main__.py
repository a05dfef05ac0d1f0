"""How far the live character is behind the performer: python3 build.py bench-live FOLDER prints it.

A video is played as a camera. First the worker alone is read as the add-on's reader reads it, for some
minutes, and with the face and without it in turns; then the add-on puts its poses on a Rigify human, and on
three. Last, the accuracy of the live clock beside that of the offline one.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as on the command line, before numpy is loaded

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = ("pipe", "face", "rig", "accuracy")
CHARACTERS = (1, 3)


def main() -> None:
    """Measure and print, section by section."""
    options = parser().parse_args()
    video = options.video or options.folder / "media" / "video" / "sam2_juggle.mp4"
    for line in lines(options, video):
        print(line, flush=True)
    sys.stdout.flush()
    os._exit(0)  # Blender's module may hang while Python shuts down


def lines(options: argparse.Namespace, video: Path) -> Iterator[str]:
    """What was measured, as soon as it was."""
    if "pipe" in options.sections:
        import pipe

        yield from pipe.table(pipe.measured(video, 60.0 * options.minutes))
    if "face" in options.sections:
        import with_face

        close = options.video or options.folder / "media" / "video" / "tfjs_head_turns.mp4"
        yield from with_face.table(close, options.seconds)
    if "rig" in options.sections:
        import on_rig

        yield from on_rig.table(video, CHARACTERS, options.seconds)
    if "accuracy" in options.sections:
        import accuracy

        yield from accuracy.table(options.folder, options.takes)


def parser() -> argparse.ArgumentParser:
    """The options."""
    words = argparse.ArgumentParser(
        prog="build.py bench-live", description="How far the live character is behind the performer."
    )
    words.add_argument("folder", type=Path, metavar="FOLDER", help="it holds synth/ and media/")
    words.add_argument(
        "--video",
        type=Path,
        help="what is played as a camera (default: of media/video sam2_juggle.mp4, and for the face "
        "tfjs_head_turns.mp4)",
    )
    words.add_argument(
        "--minutes", type=float, default=2.0, metavar="N", help="that the worker alone is read (default: 2)"
    )
    words.add_argument(
        "--seconds",
        type=float,
        default=20.0,
        metavar="N",
        help="with each number of characters, and with and without the face (default: 20)",
    )
    words.add_argument(
        "--takes",
        type=Path,
        default=ROOT / ".cache" / "bench-truth",
        metavar="DIR",
        help="where what is tracked is kept (default: .cache/bench-truth)",
    )
    words.add_argument(
        "--sections",
        nargs="+",
        choices=SECTIONS,
        default=SECTIONS,
        metavar="NAME",
        help=f"only some: {', '.join(SECTIONS)}",
    )
    return words


if __name__ == "__main__":
    main()
