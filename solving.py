"""A take to a motion in a process of its own, for the add-on's worker.

    python -m blazerig.solving TAKE MOTION SETTINGS

Like `track --progress json` it answers in JSON on standard output and ends with its standard input.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from .errors import BlazeRigError
from .solver.motion import save_motion
from .solver.settings_file import load_settings
from .solver.solve import solve
from .take import load_take


def main(take: Path, motion: Path, settings: Path) -> int:
    """Solve `take` as the file `settings` says, and write its motion; the exit code."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        seen = load_take(take)
        save_motion(solve(seen, load_settings(settings)), motion, source=seen.source, fps=seen.fps)
    except BlazeRigError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    print(json.dumps({"motion": str(motion)}), flush=True)
    return 0


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(130)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
