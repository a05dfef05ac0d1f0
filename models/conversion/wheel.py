"""The pinned mediapipe wheel: fetched once, checked, and read as the zip file that it is.

Every platform's wheel holds the same nets; one is pinned, so that its hash can be too. It is never installed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

from ...errors import BlazeRigError
from .nets import Net

_REQUIREMENT = "mediapipe==0.10.21"
_FILE = "mediapipe-0.10.21-cp312-cp312-manylinux_2_28_x86_64.whl"
_SHA256 = "956eb1ebc275c629e61b085b2cab89c3a5b9e93bad1bb107348d98dafb5a4bb5"
_MODULES = "mediapipe/modules"


def fetch_wheel(cache: Path) -> Path:
    """The path of the wheel in `cache`, downloaded if it is not there or damaged.

    Raises:
        BlazeRigError: There is no network, no room, or the index hands out another file.
    """
    path = cache / _FILE
    if path.is_file() and _sha256(path.read_bytes()) == _SHA256:
        return path
    path.unlink(missing_ok=True)
    _download(cache)
    if not path.is_file():
        raise BlazeRigError(f"the package index gave no {_FILE}; see what pip printed above")
    if (found := _sha256(path.read_bytes())) != _SHA256:
        path.unlink()
        raise BlazeRigError(
            f"the downloaded {_FILE} is not the pinned one (sha256 {found[:12]}…, not {_SHA256[:12]}…); "
            "try again, or check the package index that pip is set to"
        )
    return path


def read_net(wheel: Path, net: Net) -> bytes:
    """The .tflite file of `net`.

    Raises:
        BlazeRigError: The wheel does not hold it, or holds another one.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(f"{_MODULES}/{net.member}")
    if (found := _sha256(data)) != net.sha256:
        raise BlazeRigError(
            f"{net.member} in {wheel.name} is not the known one (sha256 {found[:12]}…, not "
            f"{net.sha256[:12]}…); delete {wheel} and try again"
        )
    return data


def _download(cache: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "download"),
        *("--disable-pip-version-check", "--retries", "2"),
        *("--no-deps", "--only-binary=:all:", "--python-version", "3.12"),
        *("--platform", "manylinux_2_28_x86_64", "--dest", str(cache), _REQUIREMENT),
    ]
    print(f"downloading {_REQUIREMENT} (36 MB) ...", flush=True)
    result = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.startswith("ERROR")] or ["pip failed"]
        raise BlazeRigError(
            f"cannot download {_REQUIREMENT}: {lines[-1].removeprefix('ERROR: ')}; check the network and the "
            f"room on the disk and try again, or put {_FILE} into {cache}"
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
