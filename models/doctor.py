"""Whether tracking will work on this machine, on what, and what to do where it will not."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BlazeRigError
from ..output import check_folder
from . import machine

_REQUIRED = {"numpy": "numpy", "cv2": "opencv-python-headless", "onnxruntime": "onnxruntime-webgpu"}
_AGAIN = "install BlazeRig again, or run: python3 build.py"


@dataclass(frozen=True)
class ProviderReport:
    """One provider: the milliseconds of a frame where it works, else why it does not."""

    name: str
    taken: bool
    milliseconds: float | None
    trouble: str


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        problems: What keeps tracking from working, each with what to do; none where it works.
        machine: System, Python, processor.
        cores: Processors that may be used.
        gpus: With their drivers, as far as the system tells.
        packages: Their versions, and those of FFmpeg within them.
        providers: What the nets can run on, best first; empty where they cannot run at all.
        weights: `whole`, `damaged`, `missing`, `unknown` or `added` (by the user) by the name of the net.
        folders: Where the weights and caches are.
    """

    problems: tuple[str, ...]
    machine: Mapping[str, str]
    cores: int
    gpus: tuple[str, ...]
    packages: Mapping[str, str]
    providers: tuple[ProviderReport, ...]
    weights: Mapping[str, str]
    folders: Mapping[str, str]


def examine() -> Report:
    """Look at everything that tracking needs, and try every provider anew."""
    packages, problems = _packages()
    if not problems:
        packages |= _ffmpeg()
    weights = _weights()
    problems += [
        f"the net {name} is {state}; {_AGAIN} models"
        for name, state in weights.items()
        if state in ("damaged", "missing")
    ]
    if not weights:
        problems.append(f"there are no nets in {_weights_folder()}; {_AGAIN} models")
    providers: tuple[ProviderReport, ...] = ()
    if not problems:
        try:
            providers = _providers()
        except BlazeRigError as error:
            problems.append(str(error))
    return Report(
        problems=tuple(problems),
        machine=_machine(),
        cores=machine.cores(),
        gpus=machine.gpus(),
        packages=packages,
        providers=providers,
        weights=weights,
        folders=_folders(),
    )


def _machine() -> dict[str, str]:
    return {
        "system": machine.operating_system(),
        "python": f"{sys.version.partition(' ')[0]} ({sys.executable})",
        "processor": machine.processor(),
    }


def _packages() -> tuple[dict[str, str], list[str]]:
    """Versions by name, and what is wrong with them."""
    versions: dict[str, str] = {}
    problems: list[str] = []
    for name, package in _REQUIRED.items():
        try:
            versions[name] = str(importlib.import_module(name).__version__)
        except ImportError as error:
            versions[name] = "cannot be loaded"
            problems.append(f"{package} cannot be loaded ({str(error).splitlines()[0]}); {_AGAIN} setup")
    return versions, problems


def _ffmpeg() -> dict[str, str]:
    """What is known of ONNX Runtime's build, and of FFmpeg in OpenCV and in PyAV."""
    cv2, ort = importlib.import_module("cv2"), importlib.import_module("onnxruntime")
    build = ort.get_build_info().removeprefix("ORT Build Info: ")
    codec = re.search(r"avcodec:\s+\S+ \(([\d.]+)\)", cv2.getBuildInformation())
    found = {
        "onnxruntime": f"{ort.__version__} ({ort.package_name}, {build})",
        "cv2": f"{cv2.__version__} ({f'FFmpeg, libavcodec {codec[1]}' if codec else 'no FFmpeg'})",
    }
    try:
        av: Any = importlib.import_module("av")
    except ImportError:
        return {**found, "av": "not there; it reads footage that OpenCV cannot"}
    codecs = ".".join(map(str, av.library_versions["libavcodec"]))
    return {**found, "av": f"{av.__version__} (FFmpeg, libavcodec {codecs})"}


def _weights_folder() -> Path:
    return Path(__file__).parent / "weights"


def _added_folder() -> Path:
    return machine.data_folder() / "nets"


def _weights() -> dict[str, str]:
    """Every net against the hash that was stored when it was made."""
    folder = _weights_folder()
    there = {path.stem: path for path in sorted(folder.glob("*.onnx"))}
    try:
        stamped: dict[str, str] = dict(json.loads((folder / "stamp.json").read_bytes())["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        stamped = {}
    found = dict.fromkeys(there, "unknown")
    for name, expected in stamped.items():
        if name not in there:
            found[name] = "missing"
        else:
            whole = hashlib.sha256(there[name].read_bytes()).hexdigest() == expected
            found[name] = "whole" if whole else "damaged"
    added = dict.fromkeys((path.stem for path in _added_folder().glob("*.onnx")), "added")
    return added | found


def _providers() -> tuple[ProviderReport, ...]:
    """The provider that `auto` takes, the others that work, and those that do not.

    Raises:
        BlazeRigError: The nets do not even run on the CPU.
    """
    from .choice import quickest, try_all
    from .providers import CHOICES, PROVIDERS

    trials = try_all()
    taken = quickest(trials.values())

    def reports() -> Iterator[ProviderReport]:
        for name in CHOICES[1:]:
            if name in trials:
                trial = trials[name]
                yield ProviderReport(name, name == taken, trial.milliseconds, trial.trouble)
            else:
                package = PROVIDERS[name].package
                yield ProviderReport(name, False, None, f"this ONNX Runtime has none (it is in {package})")

    return tuple(sorted(reports(), key=_rank))


def _rank(report: ProviderReport) -> tuple[bool, float, bool]:
    elsewhere = report.trouble.startswith("this ONNX Runtime has none")
    return not report.taken, report.milliseconds or float("inf"), elsewhere


def _folders() -> dict[str, str]:
    caches = machine.cache_folder()
    try:
        check_folder(caches)
        kept = str(caches)
    except BlazeRigError as error:
        kept = f"none: {error}"
    return {"weights": str(_weights_folder()), "added": str(_added_folder()), "caches": kept}
