"""Where the nets run: the one place that knows ONNX Runtime and its providers.

`auto` takes a GPU only if it runs the body's net on this machine, gives what the CPU gives, and gives it
sooner: a provider that is merely listed may lack its driver, and a software GPU is slower than the CPU.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from ..errors import BlazeRigError
from ..take import Floats

_WEIGHTS = Path(__file__).parent / "weights"
_CPU = "CPUExecutionProvider"
_GPUS = {
    "tensorrt": "TensorrtExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "webgpu": "WebGpuExecutionProvider",
}
PROVIDERS = ("auto", "cpu", *_GPUS)
# A net that tells a software GPU (lavapipe, SwiftShader) within a second, then the one that counts; how many
# times slower than the CPU each may be.
_PROBES = {"hand_recrop": 10.0, "pose_landmarks": 1.0}
_TOLERANCE = 1e-2
_RUNS = 5
_PATIENCE = 0.25
_FATAL_ONLY = 4


class Net:
    """One net on one provider. Calls from several threads at a time are allowed.

    `threads` work at one call on the CPU; 0 leaves their number to ONNX Runtime (one per core).
    """

    def __init__(self, name: str, provider: str = "cpu", *, threads: int = 0) -> None:
        path = _WEIGHTS / f"{name}.onnx"
        if not path.is_file():
            raise BlazeRigError(f"{path} is missing; make the weights with: python3 build.py models")
        options = ort.SessionOptions()
        options.log_severity_level = _FATAL_ONLY
        options.intra_op_num_threads = threads
        # Each net has its own threads: spinning, those of the idle nets would take the cores from the others.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        providers = [_CPU] if provider == "cpu" else [_GPUS[provider], _CPU]
        self._session = ort.InferenceSession(str(path), options, providers=providers, enable_fallback=0)

    @property
    def crop_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of one crop."""
        _, height, width, channels = self._session.get_inputs()[0].shape
        return height, width, channels

    @property
    def providers(self) -> Sequence[str]:
        """ONNX Runtime's names of the providers at work, the first before the next."""
        return self._session.get_providers()

    def __call__(self, crops: NDArray[np.uint8]) -> list[Floats]:
        """Run a batch of RGB crops, shape (N, H, W, 3); the outputs in the order of the ONNX file."""
        return [np.asarray(output) for output in self._session.run(None, {"crop": crops})]


@dataclass(frozen=True)
class Choice:
    """A provider, by its short name, and why those before it were not taken."""

    provider: str
    warnings: tuple[str, ...] = ()


def choose_provider(wanted: str) -> Choice:
    """The provider to run on: `wanted` if it works, the best that works for `auto`, else the CPU.

    Raises:
        BlazeRigError: There is no provider of that name.
    """
    if wanted not in PROVIDERS:
        raise BlazeRigError(f"unknown provider '{wanted}'; there are: {', '.join(PROVIDERS)}")
    if wanted == "cpu":
        return Choice("cpu")
    available = [name for name, provider in _GPUS.items() if provider in ort.get_available_providers()]
    if wanted != "auto":
        trouble = _trouble(wanted, faster=False) if wanted in available else "this ONNX Runtime has none"
        return (
            Choice(wanted)
            if not trouble
            else Choice("cpu", (f"{wanted} is not used: {trouble}; the CPU is",))
        )
    for name in available:
        if not _trouble(name, faster=True):
            return Choice(name)
    return Choice("cpu")


def _trouble(provider: str, *, faster: bool) -> str:
    """Why `provider` should not be used on this machine; empty if it should."""
    for name, slowness in _PROBES.items():
        try:
            with _hushed():
                net = Net(name, provider)
                crops = np.random.default_rng(0).integers(0, 256, (1, *net.crop_shape), np.uint8)
                found, seconds = _timed(net, crops)
        except _ort_errors() as error:
            return str(error).splitlines()[-1].rpartition(" was false. ")[2]
        if net.providers[0] != _GPUS[provider]:
            return "ONNX Runtime put it aside"
        expected, cpu_seconds = _timed(Net(name), crops)
        if not all(_agree(a, b) for a, b in zip(found, expected, strict=True)):
            return "its results differ from the CPU's"
        if faster and seconds > slowness * cpu_seconds:
            return (
                f"it is slower than the CPU ({seconds * 1e3:.0f} ms for {name}, not {cpu_seconds * 1e3:.0f})"
            )
    return ""


def _timed(net: Net, crops: NDArray[np.uint8]) -> tuple[Sequence[Floats], float]:
    """The outputs, and the seconds of the fastest of a few runs after the first, which may compile."""
    outputs = net(crops)
    seconds: list[float] = []
    while len(seconds) < _RUNS and sum(seconds) < _PATIENCE:
        start = time.perf_counter()
        net(crops)
        seconds.append(time.perf_counter() - start)
    return outputs, min(seconds)


def _agree(found: Floats, expected: Floats) -> bool:
    return bool(np.abs(found - expected).max() <= _TOLERANCE * max(1.0, float(np.abs(expected).max())))


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


def _ort_errors() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises where a provider cannot start or run; they have no base in common."""
    from onnxruntime.capi import onnxruntime_pybind11_state  # pyright: ignore[reportAttributeAccessIssue]

    state: Any = onnxruntime_pybind11_state
    names = ("Fail", "EPFail", "NotImplemented", "RuntimeException", "InvalidArgument")
    return (RuntimeError, *(getattr(state, name) for name in names))
