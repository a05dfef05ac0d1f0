"""The extension's zips: one per platform and generation of Python, each complete: no network is needed.

The same sources give the same bytes: names sorted, times fixed.
"""

from __future__ import annotations

import platform as machine
import string
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import VERSION
from ..errors import BlazeRigError
from .wheels import fetch, pinned

ROOT = Path(__file__).resolve().parents[1]

GENERATIONS: dict[str, tuple[str, str | None]] = {
    "cp311": ("4.2.0", "5.1.0"),
    "cp313": ("5.1.0", None),
    "cp314": ("5.1.0", None),
}
"""Python tag to the first Blender with this Python and the first without. Distributions use 3.14."""
TAGS = tuple(GENERATIONS)
PLATFORMS = ("linux-x64", "macos-arm64", "macos-x64", "windows-x64")
LAST: dict[str, str] = {"macos-x64": "5.0.0"}
"""Platform to the first Blender that is not made for it any more."""

PACKED = (
    "LICENSE",
    "NOTICE",
    "__init__.py",
    "__main__.py",
    "archive.py",
    "errors.py",
    "output.py",
    "pipeline.py",
    "progress.py",
    "rows.py",
    "solving.py",
    "take.py",
    "cli/*.py",
    "models/*.py",
    "live/**/*.py",
    "models/camera/*.py",
    "models/footage/*.py",
    "models/microphone/*.py",
    "models/person.jpg",
    "models/weights/*.onnx",
    "models/weights/stamp.json",
    "report/*.css",
    "report/*.js",
    "report/*.py",
    "solver/*.npz",
    "solver/*.py",
    "solver/causal/*.py",
    "solver/face/*.npz",
    "solver/face/*.py",
    "solver/fit/*.py",
    "addon/**/*.py",
    "addon/character/rigs/*.toml",
    "addon/face/*.toml",
    "addon/face/dialects/*.toml",
)
"""All that is needed at run time, as globs from the root."""
NOT_PACKED = (
    "addon/demo/demo.py",
    "addon/demo/stage.py",
    "models/film.py",
)
"""Matches of `PACKED` that only the demo needs, as globs."""
LIMIT = 200_000_000
"""No zip may be larger, bytes."""


def this_platform() -> str:
    """Blender's name of the platform that this runs on.

    Raises:
        BlazeRigError: No zip is made for it.
    """
    system = {"linux": "linux", "darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    processor = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    name = f"{system}-{processor.get(machine.machine().lower(), machine.machine().lower())}"
    if name not in PLATFORMS:
        raise BlazeRigError(f"there are no wheels for {name}; zips can be made for: {', '.join(PLATFORMS)}")
    return name


def supported(platform: str, tag: str) -> tuple[str, str | None]:
    """The first Blender that a zip is for, and the first that it is not for any more."""
    first, unsupported = GENERATIONS[tag]
    return first, LAST.get(platform, unsupported)


def build(platforms: Sequence[str], tags: Sequence[str], out: Path = ROOT / "dist") -> list[Path]:
    """Make a zip for each of `platforms` with each of `tags`.

    Args:
        platforms: Of `PLATFORMS`.
        tags: Of `TAGS`: cp311 for Blender 4.2 to 5.0, cp313 from 5.1, cp314 for distributions. Where no
            Blender of a platform has such a Python, no zip is made.
        out: Where the zips go; wheels are cached in `.cache/wheels` for the next time.

    Returns:
        The zips.

    Raises:
        BlazeRigError: A choice is unknown, the weights are not there, or a wheel cannot be had.
    """
    for given, known in ((platforms, PLATFORMS), (tags, TAGS)):
        if unknown := set(given) - set(known):
            raise BlazeRigError(f"unknown: {', '.join(sorted(unknown))}; choose of: {', '.join(known)}")
    files = sorted(_packed())
    if not any(file.suffix == ".onnx" for file in files):
        raise BlazeRigError("models/weights/ is empty; run `build.py models` first")
    cache = ROOT / ".cache" / "wheels"
    for folder in (cache, out):
        folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for tag in tags:
        for platform in platforms:
            if platform not in pinned()[tag]:
                continue
            wheels = [fetch(*pin, cache) for pin in sorted(pinned()[tag][platform].items())]
            made.append(_build_one(files, wheels, platform, tag, out))
    return made


def _packed() -> Iterator[Path]:
    left_out = {path for pattern in NOT_PACKED for path in ROOT.glob(pattern)}
    for pattern in PACKED:
        yield from (path for path in ROOT.glob(pattern) if path not in left_out)


def _build_one(files: Sequence[Path], wheels: Sequence[Path], platform: str, tag: str, out: Path) -> Path:
    path = out / f"blazerig-{VERSION}-{platform}-{tag}.zip"
    partial = path.with_name(path.name + ".part")
    manifest = _manifest(platform, tag, [wheel.name for wheel in wheels])
    try:
        with zipfile.ZipFile(partial, "w") as archive:
            _add(archive, "blender_manifest.toml", manifest.encode())
            for file in files:
                _add(archive, file.relative_to(ROOT).as_posix(), file.read_bytes())
            for wheel in wheels:
                _add(archive, f"wheels/{wheel.name}", wheel.read_bytes())
        size = partial.stat().st_size
        if size > LIMIT:
            raise BlazeRigError(f"{path.name} has {size / 1e6:.0f} MB, more than {LIMIT / 1e6:.0f} MB")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{path} ({size / 1e6:.1f} MB)", flush=True)
    return path


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file; wheels are compressed already."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def _manifest(platform: str, tag: str, wheels: Sequence[str]) -> str:
    first, unsupported = supported(platform, tag)
    template = Path(__file__).with_name("blender_manifest.toml").read_text("utf-8")
    return string.Template(template.partition("\n")[2]).substitute(
        version=VERSION,
        platform=platform,
        blender_min=first,
        blender_max=f'blender_version_max = "{unsupported}"' if unsupported else "",
        wheels="\n".join(f'  "./wheels/{name}",' for name in wheels),
    )
