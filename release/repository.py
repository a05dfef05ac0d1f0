"""A repository of extensions as static files, which any web server or shared folder can offer to Blender.

Blender reads `index.json`, chooses the zip for its version, platform and Python, and tells of updates:
https://docs.blender.org/manual/en/latest/advanced/extensions/creating_repository/static_repository.html
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tomllib
import urllib.parse
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import BlazeRigError

INDEX = "index.json"
VERSION = "v1"


def make_repository(zips: Mapping[Path, str], folder: Path, url_base: str = "") -> Path:
    """Put the zips and their index into `folder`; whatever zips were in it go.

    Args:
        zips: The extension's zips and the Python of each: "3.11".
        folder: Is made where it is not there.
        url_base: Where the zips will be served, where that is not beside the index.

    Returns:
        The index.

    Raises:
        BlazeRigError: `url_base` is no address.
    """
    if url_base and not urllib.parse.urlparse(url_base).scheme:
        raise BlazeRigError(f"'{url_base}' is no address; begin with https:// or file://")
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.zip"):
        path.unlink()
    for path in zips:
        _place(path, folder / path.name)
    entries = [entry(path, python, url_base) for path, python in zips.items()]
    index = folder / INDEX
    index.write_text(json.dumps({"version": VERSION, "blocklist": [], "data": entries}, indent=2), "utf-8")
    return index


def entry(path: Path, python: str, url_base: str = "") -> dict[str, Any]:
    """What the index says of a zip: its manifest, and where and what the file is."""
    with zipfile.ZipFile(path) as archive:
        manifest = tomllib.loads(archive.read("blender_manifest.toml").decode())
    manifest.pop("wheels", None)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        **manifest,
        "python_versions": [python],
        "archive_url": f"{url_base.rstrip('/') or '.'}/{urllib.parse.quote(path.name)}",
        "archive_size": path.stat().st_size,
        "archive_hash": f"sha256:{digest}",
    }


def _place(path: Path, target: Path) -> None:
    """The same file again, without its bytes where the disk can do that."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def pythons_of(zips: Sequence[Path]) -> dict[Path, str]:
    """The Python of each zip, which its name ends with: cp311 is 3.11."""
    return {path: f"3.{path.stem.rpartition('-cp3')[2]}" for path in zips}
