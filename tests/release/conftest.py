"""Bare Blenders, and the zips of this platform."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from blazerig.release import extension

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).with_name("in_blender")


@dataclass(frozen=True)
class Blender:
    """One environment with Blender as a module and nothing of ours.

    Attributes:
        version: Of Blender.
        python: Its Python.
        tag: The generation of zip that it takes.
        resources: Its user's settings, in a folder of this test run.
        limit: Seconds that a script may take.
    """

    version: str
    python: Path
    tag: str
    resources: Path
    limit: float = 600.0

    def run(self, script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one of the scripts beside this file."""
        return subprocess.run(
            [self.python, "-P", SCRIPTS / script, *map(str, arguments)],
            env={**clean_environment(), "BLENDER_USER_RESOURCES": str(self.resources)},
            capture_output=True,
            text=True,
            timeout=self.limit,
        )

    def elsewhere(self, resources: Path) -> Blender:
        """The same Blender with other settings."""
        return replace(self, resources=resources)

    def validator(self) -> Path:
        """Blender's own checker of extensions."""
        return next(
            self.python.parents[1].glob("[Ll]ib/**/bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py")
        )


def clean_environment() -> dict[str, str]:
    """What a user's Blender has: nothing of this test's Python."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "OPENBLAS"))}


@pytest.fixture(scope="session", params=["4.2", "4.5", "5.0", "5.2"])
def blender(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Blender:
    folder = ROOT / f".venv-bpy{request.param.replace('.', '')}"
    python = next(
        (path for path in (folder / "bin/python", folder / "Scripts/python.exe") if path.exists()), None
    )
    if python is None:
        pytest.skip(f"{folder.name} is not there: build.py blenders makes it")
    tag = "cp313" if request.param >= "5.1" else "cp311"
    resources = tmp_path_factory.mktemp("blender") / "Einstellungen für 動き и прочее"
    return Blender(request.param, python, tag, resources)


@pytest.fixture(scope="session")
def zips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The zips of this platform by the tag of their Python, as `build.py zip` makes them."""
    tags = ("cp311", "cp313")
    made = extension.build([extension.this_platform()], tags, tmp_path_factory.mktemp("zips"))
    return dict(zip(tags, made, strict=True))
