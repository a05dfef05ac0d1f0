"""Which provider to take: each that this ONNX Runtime lists is tried on a picture of a person.

A provider that is listed may lack its driver, miscalculate, or be the CPU in disguise and slower than it. So
the whole holistic step is done on each, compared with the CPU's landmarks and timed.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, fields

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats
from .holistic import HolisticTracker, Performer
from .nets import Wanted, load_nets
from .person import PICTURE, person
from .providers import CHOICES, PROVIDERS, listed
from .sessions import Net, Processor
from .trials import ENDED, Trial, recalled, remember, trying

_FRAME = 1.0 / 30.0
_RUNS = 5
_PATIENCE = 0.25
_PIXELS = 0.5
_METRES = 0.002
# The smallest net tells a GPU that is drawn by the CPU: it takes hundreds of times as long.
_SMALLEST_NET = "hand_recrop"
_HOPELESS = 10.0
_PARTS = {"left": "left hand", "right": "right hand"}


@dataclass(frozen=True)
class Seen:
    """What a provider saw in the picture, and how many milliseconds a frame takes."""

    performer: Performer | None
    milliseconds: float


def choose_provider(wanted: str) -> Processor:
    """What to run the nets on: `wanted` if it works, the quickest for `auto`, else the CPU.

    Raises:
        BlazeRigError: There is no provider of that name.
    """
    if wanted not in CHOICES:
        raise BlazeRigError(f"unknown provider '{wanted}'; there are: {', '.join(CHOICES)}")
    if wanted == "cpu" or (wanted == "auto" and not listed()):
        return Processor("cpu")
    if wanted == "auto":
        trials = recalled()
        if not {"cpu", *listed()} <= trials.keys():
            trials = try_all()
        ended = (name for name, trial in trials.items() if trial.trouble == ENDED)
        return Processor(quickest(trials.values()), tuple(f"{name} is not used: {ENDED}" for name in ended))
    if trouble := _trouble_with(wanted):
        return Processor("cpu", (f"{wanted} is not used: {trouble}; the CPU is",))
    return Processor(wanted)


def quickest(trials: Iterable[Trial]) -> str:
    """The provider that took the least time."""
    timed = [(trial.milliseconds, trial.provider) for trial in trials if trial.milliseconds is not None]
    return min(timed)[1]


def try_all() -> dict[str, Trial]:
    """Try the CPU and every provider that is listed anew, and remember what came of it.

    Raises:
        BlazeRigError: The nets do not even work on the CPU.
    """
    cpu = see(Processor("cpu"))
    if cpu.performer is None:
        raise BlazeRigError(f"the nets see nobody in {PICTURE}: they are damaged; install BlazeRig again")
    remember(Trial("cpu", cpu.milliseconds))
    tried = {name: _try(name, cpu, patient=False) for name in listed()}
    return {"cpu": Trial("cpu", cpu.milliseconds), **tried}


def _trouble_with(name: str) -> str:
    """Why not to use a provider that was asked for, however slow; one that failed before is tried again."""
    if name not in listed():
        return f"this ONNX Runtime has none (it is in {PROVIDERS[name].package})"
    known = recalled().get(name)
    if known is None or known.trouble:
        known = _try(name, see(Processor("cpu")), patient=True)
    return known.trouble


def _try(name: str, cpu: Seen, *, patient: bool) -> Trial:
    """Run the picture on a provider; without patience, one that is hopelessly slow is left at once."""
    processor = Processor(name)
    with trying(name), _hushed():
        trouble = "" if patient else _hopelessly_slow(processor)
        seen = see(processor) if not trouble and not processor.trouble else cpu
    trouble = processor.trouble or trouble or difference(seen.performer, cpu.performer)
    trial = Trial(name, trouble=trouble) if trouble else Trial(name, seen.milliseconds)
    remember(trial)
    return trial


def see(processor: Processor) -> Seen:
    """Track the picture; the first frame, for which a GPU may compile, is not timed."""
    picture, tracker = person(), HolisticTracker(load_nets(processor, Wanted(face=True)))
    performer = tracker.step(picture, 0.0)
    times = iter(range(1, 1 + _RUNS))
    return Seen(performer, _milliseconds(lambda: tracker.step(picture, next(times) * _FRAME)))


def _milliseconds(run: Callable[[], object]) -> float:
    """Of the fastest of a few runs."""
    seconds: list[float] = []
    while len(seconds) < _RUNS and sum(seconds) < _PATIENCE:
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds) * 1e3


def _hopelessly_slow(processor: Processor) -> str:
    """Why to go no further; empty if there is hope."""
    net, own = Net(_SMALLEST_NET, processor), Net(_SMALLEST_NET)
    crops = np.zeros((1, *net.crop_shape), np.uint8)
    net(crops)
    if processor.trouble:
        return ""
    found, cpu = _milliseconds(lambda: net(crops)), _milliseconds(lambda: own(crops))
    if found <= _HOPELESS * cpu:
        return ""
    return f"it is slower than the CPU ({found:.0f} ms for the smallest net, not {cpu:.0f})"


def difference(found: Performer | None, expected: Performer | None) -> str:
    """What is wrong with the landmarks; empty if they are the expected ones."""
    these, those = landmarks(found), landmarks(expected)
    if these.keys() != those.keys():
        return "it does not see what the CPU sees"
    for (part, unit), points in those.items():
        apart = float(np.abs(these[part, unit] - points).max())
        if not apart <= {"px": _PIXELS, "m": _METRES}[unit]:  # NaN is wrong too
            return f"its results differ from the CPU's (the {part} by {apart:.2g} {unit})"
    return ""


def landmarks(performer: Performer | None) -> dict[tuple[str, str], Floats]:
    """All points that were found, by part and unit."""
    if performer is None:
        return {}
    parts = {field.name: getattr(performer, field.name) for field in fields(performer)}
    return {
        (_PARTS.get(name, name), unit): points
        for name, part in parts.items()
        for unit, kind in (("px", "image"), ("m", "world"))
        if (points := getattr(part, kind, None)) is not None
    }


@contextlib.contextmanager
def _hushed() -> Generator[None, None, None]:
    """Without what a GPU's driver writes to the terminal: a machine that has none is no fault to report."""
    try:
        terminal = os.dup(2)
    except OSError:  # a program without a terminal
        yield
        return
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
