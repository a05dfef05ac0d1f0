"""Nets at work: ONNX Runtime's sessions, on a GPU with buffers that stay, and on the CPU when that fails."""

from __future__ import annotations

import functools
import hashlib
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from ..errors import BlazeRigError
from ..take import Floats
from . import machine
from .providers import PROVIDERS, session_options

WEIGHTS = Path(__file__).parent / "weights"
Crops = NDArray[np.uint8]


@dataclass(frozen=True)
class Spent:
    """How many crops a net has seen, and how many seconds its calls took."""

    crops: int
    seconds: float


class Processor:
    """What a group of nets runs on: a provider and, from its first failure on, the CPU for all of them.

    Attributes:
        provider: The name of what they run on now.
        warnings: What the user should know of how it came to that.
        trouble: Why the provider was given up; empty if it was not.
        spent: What each net has cost so far.
    """

    def __init__(self, provider: str = "cpu", warnings: tuple[str, ...] = ()) -> None:
        self.provider = provider
        self.warnings = warnings
        self.trouble = ""
        self.spent: dict[str, Spent] = {}
        self._lock = threading.Lock()

    def account(self, net: str, crops: int, seconds: float) -> None:
        """Note what a call of a net has cost."""
        with self._lock:
            so_far = self.spent.get(net, Spent(0, 0.0))
            self.spent[net] = Spent(so_far.crops + crops, so_far.seconds + seconds)

    def give_up(self, net: str, error: Exception) -> None:
        """Go on on the CPU. Nets that fail after the first one, in their own threads, add nothing."""
        with self._lock:
            if self.provider == "cpu":
                return
            self.trouble = reason(error)
            self.warnings += (
                f"{self.provider} failed in {net} ({self.trouble}); from there on the CPU was used; "
                "if it fails again, run: blazerig doctor",
            )
            self.provider = "cpu"


class Net:
    """One net on one provider. Calls from several threads at a time are allowed.

    `threads` work at one call on the CPU; 0 leaves their number to ONNX Runtime (one per core).
    """

    def __init__(self, name: str, provider: str | Processor = "cpu", *, threads: int = 0) -> None:
        self._name = name
        self._processor = Processor(provider) if isinstance(provider, str) else provider
        path = _path(name)
        self._on_cpu = _cpu_session(path, threads)
        self._on_gpu = None if self._processor.provider == "cpu" else _OnGpu(path, self._processor.provider)

    @property
    def crop_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of one crop."""
        _, height, width, channels = self._on_cpu.get_inputs()[0].shape
        return height, width, channels

    def __call__(self, crops: Crops) -> list[Floats]:
        """Run a batch of RGB crops, shape (N, H, W, 3); the outputs in the order of the ONNX file.

        A GPU is quickest with batches of 1, 2, 4, 8 …: others are filled up to the next of these.
        """
        start = time.perf_counter()
        outputs = self._run(crops)
        self._processor.account(self._name, len(crops), time.perf_counter() - start)
        return outputs

    def _run(self, crops: Crops) -> list[Floats]:
        if self._on_gpu is not None and self._processor.provider != "cpu":
            try:
                return self._on_gpu(crops)
            except ort_errors() as error:
                self._processor.give_up(self._name, error)
        return [np.asarray(output) for output in self._on_cpu.run(None, {"crop": crops})]


class _OnGpu:
    """A net on a provider other than the CPU: one session per size of batch, made when first needed.

    What a GPU runs is compiled for its shapes, and DirectML takes one call at a time.
    """

    def __init__(self, path: Path, provider: str) -> None:
        self._path = path
        self._provider = provider
        self._sessions: dict[int, _Bound] = {}
        self._lock = threading.Lock()

    def __call__(self, crops: Crops) -> list[Floats]:
        batch = 1 << (len(crops) - 1).bit_length()
        with self._lock:
            if batch not in self._sessions:
                self._sessions[batch] = _Bound(self._path, self._provider, batch)
            return self._sessions[batch](crops)


class _Bound:
    """A session for batches of one size, bound to buffers that every call uses again."""

    def __init__(self, path: Path, provider: str, batch: int) -> None:
        kind = PROVIDERS[provider]
        self._session = ort.InferenceSession(
            str(path),
            session_options(provider, threads=0, batch=batch),
            providers=kind.chain(_compiled(path, provider, batch) if kind.keeps else None),
            enable_fallback=0,
        )
        if kind.engine not in self._session.get_providers():
            raise RuntimeError("ONNX Runtime put it aside; its libraries or its driver are missing")
        entry = self._session.get_inputs()[0]
        self._crops = np.zeros(entry.shape, np.uint8)
        self._input = ort.OrtValue.ortvalue_from_numpy(self._crops, kind.device)
        self._shared = kind.device == "cpu"
        self._outputs = [np.empty(output.shape, np.float32) for output in self._session.get_outputs()]
        self._binding = self._session.io_binding()
        self._binding.bind_ortvalue_input(entry.name, self._input)
        for output, buffer in zip(self._session.get_outputs(), self._outputs, strict=True):
            self._binding.bind_ortvalue_output(output.name, ort.OrtValue.ortvalue_from_numpy(buffer))

    def __call__(self, crops: Crops) -> list[Floats]:
        """The rows beyond `crops` are run with what was there before, and left out."""
        self._crops[: len(crops)] = crops
        if not self._shared:
            self._input.update_inplace(self._crops)
        self._session.run_with_iobinding(self._binding)
        return [buffer[: len(crops)].copy() for buffer in self._outputs]


def added_nets() -> Path:
    """The folder of the nets that the user added; it need not be there."""
    return machine.data_folder() / "nets"


def _path(name: str) -> Path:
    """Of a net that comes with BlazeRig, else of one that was added."""
    own, added = (folder / f"{name}.onnx" for folder in (WEIGHTS, added_nets()))
    return added if added.is_file() and not own.is_file() else own


def _cpu_session(path: Path, threads: int) -> ort.InferenceSession:
    if not path.is_file():
        raise BlazeRigError(f"{path} is missing; make the weights with: python3 build.py models")
    try:
        return ort.InferenceSession(
            str(path),
            session_options("cpu", threads=threads, batch=None),
            providers=["CPUExecutionProvider"],
            enable_fallback=0,
        )
    except ort_errors() as error:
        raise BlazeRigError(
            f"{path} is damaged ({reason(error)}); install BlazeRig again, or run: python3 build.py models"
        ) from error


def _compiled(path: Path, provider: str, batch: int) -> Path | None:
    """A folder for what `provider` compiles of these weights on this GPU; None if none can be made.

    One for each size of batch: TensorRT and Core ML know a net again by its name alone.
    """
    made_for = repr((ort.__version__, machine.gpus(), batch)).encode()
    key = hashlib.sha256(path.read_bytes() + made_for).hexdigest()[:16]
    folder = machine.cache_folder() / provider / f"{path.stem}-{key}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder


def reason(error: Exception) -> str:
    """What ONNX Runtime's error says, without its code and where in the sources it was found."""
    lines: Sequence[str] = str(error).strip().splitlines() or [type(error).__name__]
    said = re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ", "", lines[-1])
    return said.rpartition(" was false. ")[2].rpartition("Status Message: ")[2].strip()


@functools.cache
def ort_errors() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises where a provider cannot start or run; they have no base in common."""
    from onnxruntime.capi import onnxruntime_pybind11_state  # pyright: ignore[reportAttributeAccessIssue]

    state: dict[str, Any] = vars(onnxruntime_pybind11_state)
    own = [kind for kind in state.values() if isinstance(kind, type) and issubclass(kind, Exception)]
    return (RuntimeError, *own)
