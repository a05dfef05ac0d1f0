"""The wheels that the zips bundle: pinned in wheels.toml, fetched once, checked always."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

from ..errors import BlazeRigError


def pinned() -> dict[str, dict[str, dict[str, str]]]:
    """Python tag -> platform -> file name of a wheel -> its sha256."""
    return tomllib.loads(Path(__file__).with_name("wheels.toml").read_text("utf-8"))


def fetch(name: str, sha256: str, folder: Path) -> Path:
    """The wheel `name` in `folder`, downloaded where it is not there yet or is damaged.

    Args:
        name: File name of the wheel, which says all that pip asks for.
        sha256: What the file must hash to, in hex.
        folder: The cache.

    Raises:
        BlazeRigError: The download failed, or brought another file than the pinned one.
    """
    path = folder / name
    if path.exists() and _sha256(path) == sha256:
        return path
    path.unlink(missing_ok=True)
    print(f"fetching {name}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "pip", *_download(name, folder)], capture_output=True, text=True
    )
    if done.returncode:
        reason = (done.stderr.strip() or "pip said nothing").splitlines()[-1]
        raise BlazeRigError(f"cannot fetch {name}: {reason}; check the network, then try again")
    if not path.exists() or _sha256(path) != sha256:
        path.unlink(missing_ok=True)
        raise BlazeRigError(f"{name} is not the wheel pinned in wheels.toml: the index serves another file")
    return path


def _download(name: str, folder: Path) -> list[str]:
    """Arguments of pip that fetch the wheel of this name and no other.

    The name is name-version-python-abi-platform (PEP 427).
    """
    project, version, python, abi, platforms = name.removesuffix(".whl").split("-")
    tags = [f"--platform={tag}" for tag in platforms.split(".")]
    machine = [f"--python-version={python.removeprefix('cp')}", f"--abi={abi}", *tags]
    return [
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary=:all:",
        *([] if platforms == "any" else machine),
        f"--dest={folder}",
        f"{project}=={version}",
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
