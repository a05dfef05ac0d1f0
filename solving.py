"""A take to a motion in a process of its own, for the add-on's worker.

    python -m blazerig.solving TAKE MOTION [SETTINGS]

It says on standard output, in lines of JSON, what it does (`stage`, and the `share` of the work that is
done), then what it has written (`motion`) or why it could not (`error`). It ends with its standard input.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from pathlib import Path

from .errors import BlazeRigError
from .output import unfinished
from .solver.motion import save_motion
from .solver.settings_file import read_settings
from .solver.solve import solve
from .solver.stages import BEHIND
from .take import load_take


def main(take: Path, motion: Path, settings: Path | None = None) -> int:
    """Solve `take` as the file `settings` says, and write its motion; the exit code."""
    threading.Thread(target=_end_with_input, args=(motion,), daemon=True).start()
    try:
        chosen, seen = read_settings(settings), load_take(take)
        solution = solve(seen, chosen, lambda stage: _say(stage=stage, share=BEHIND[stage]))
        save_motion(solution, motion, source=seen.source, fps=seen.fps)
    except BlazeRigError as error:
        _say(error=str(error))
        return 1
    _say(motion=str(motion))
    return 0


def _say(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


def _end_with_input(motion: Path) -> None:
    sys.stdin.read()
    with contextlib.suppress(OSError):
        unfinished(motion).unlink(missing_ok=True)
    os._exit(130)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
