"""What came of the providers that were tried on this machine, kept from one run to the next.

The file holds for one machine, one set of drivers, one ONNX Runtime and one set of weights; others have files
of their own. It can be made again: where it is damaged or cannot be written, the providers are tried anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import onnxruntime as ort

from ..errors import BlazeRigError
from ..output import written_whole
from . import machine
from .providers import CHOICES
from .sessions import WEIGHTS

ENDED = "the program ended while it was tried; blazerig doctor tries it again"


@dataclass(frozen=True)
class Trial:
    """What came of a provider on this machine: the milliseconds that a frame took, or why it is of no use."""

    provider: str
    milliseconds: float | None = None
    trouble: str = ""


def identity() -> dict[str, Any]:
    """All that the outcome depends on."""
    stamp = WEIGHTS / "stamp.json"
    return {
        "onnxruntime": ort.__version__,
        "listed": ort.get_available_providers(),
        "system": machine.operating_system(),
        "processor": machine.processor(),
        "cores": machine.cores(),
        "gpus": machine.gpus(),
        "drivers": machine.driver_choices(),
        "weights": hashlib.sha256(stamp.read_bytes()).hexdigest() if stamp.is_file() else "",
    }


def memory() -> Path:
    """The file for this machine as it is now."""
    key = hashlib.sha256(json.dumps(identity(), sort_keys=True).encode()).hexdigest()[:16]
    return machine.cache_folder() / f"providers-{key}.json"


def recalled() -> dict[str, Trial]:
    """The trials by provider; none where there is no file, or none that makes sense."""
    try:
        trials = [_trial(row) for row in json.loads(memory().read_text("utf-8"))["trials"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {trial.provider: trial for trial in trials}


def remember(*trials: Trial) -> None:
    """Put them in the place of what was known of their providers."""
    known = recalled() | {trial.provider: trial for trial in trials}
    _write(list(known.values()))


@contextlib.contextmanager
def trying(provider: str) -> Generator[None, None, None]:
    """A driver that takes the program with it is found out by what this leaves behind."""
    before = recalled()
    remember(Trial(provider, trouble=ENDED))
    try:
        yield
    except BaseException:  # Ctrl-C, say: nobody's fault
        _write(list(before.values()))
        raise


def _write(trials: Sequence[Trial]) -> None:
    path = memory()
    rows = [asdict(trial) for trial in trials]
    with contextlib.suppress(OSError, BlazeRigError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as unfinished:
            unfinished.write_text(json.dumps({"identity": identity(), "trials": rows}, indent=1), "utf-8")


def _trial(row: dict[str, Any]) -> Trial:
    """One row of the file.

    Raises:
        ValueError: It makes no sense.
    """
    took, trouble = row["milliseconds"], row["trouble"]
    timed = isinstance(took, float) and 0.0 < took < math.inf
    if row["provider"] not in CHOICES[1:] or not isinstance(trouble, str) or timed is bool(trouble):
        raise ValueError(row)
    return Trial(row["provider"], took, trouble)
