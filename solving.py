"""A take to a pose in a process of its own: `python -m blazerig.solving TAKE POSE`, for the add-on's worker.

Like `track --progress json` it answers in JSON on standard output and ends with its standard input.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

import numpy as np

from .errors import BlazeRigError
from .solver.solve import solve
from .take import load_take


def main(take: Path, pose: Path) -> int:
    """Solve `take` and write the fields of its `Pose` to `pose`; the exit code."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        solved = solve(load_take(take)).pose
    except BlazeRigError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    with pose.open("wb") as file:
        np.savez(file, **vars(solved))
    print(json.dumps({"pose": str(pose)}), flush=True)
    return 0


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(130)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
