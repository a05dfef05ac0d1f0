"""What outlives updating and removing the add-on: takes, presets, the user's choices."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from blazerig import VERSION

if TYPE_CHECKING:
    from conftest import Blender

OLDER = "0.0.9"
STEPS = {"first": OLDER, "update": VERSION, "remove": VERSION, "first again": VERSION}
Facts = dict[str, Any]


def without_wheels(zipped: Path, version: str, folder: Path) -> Path:
    """The zip without what takes time to install, as of `version`."""
    path = folder / f"blazerig-{version}.zip"
    with zipfile.ZipFile(zipped) as whole, zipfile.ZipFile(path, "w") as light:
        for name in whole.namelist():
            if name.startswith(("wheels/", "models/weights/")):
                continue
            data = whole.read(name)
            if name in ("blender_manifest.toml", "__init__.py"):
                text = re.sub(r"wheels = \[.*?\]\n", "", data.decode(), flags=re.DOTALL)
                data = text.replace(f'"{VERSION}"', f'"{version}"').encode()
            light.writestr(name, data)
    return path


@pytest.fixture(scope="module")
def facts(blender: Blender, zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """What was there after each step (see keep.py)."""
    folder = tmp_path_factory.mktemp("keeping")
    alone = blender.elsewhere(folder / "resources")
    found: Facts = {}
    for step, version in (
        ("first", OLDER),
        ("update", VERSION),
        ("remove", VERSION),
        ("first again", VERSION),
    ):
        light = without_wheels(zips[blender.tag], version, folder)
        done = alone.run("keep.py", step.split()[0], light, folder / "facts.json")
        assert done.returncode == 0, done.stdout + done.stderr
        found[step] = json.loads((folder / "facts.json").read_text("utf-8"))
    return found


def test_an_older_version_is_used_first(facts: Facts) -> None:
    assert facts["first"]["version"] == OLDER
    assert facts["first"]["operator"]


def test_a_later_version_keeps_takes_presets_and_what_was_chosen(facts: Facts) -> None:
    now = facts["update"]
    assert now["version"] == VERSION
    assert now["take"]
    assert now["preset"]
    assert now["choices"] == ["cpu", 3]
    assert now["operator"]


def test_switched_off_and_on_again_nothing_is_lost(facts: Facts) -> None:
    now = facts["update"]["disabled"]
    assert not now["enabled"]
    assert now["take"]
    assert now["preset"]
    assert facts["update"]["again"]


def test_removing_leaves_takes_and_presets_and_nothing_else(facts: Facts) -> None:
    now = facts["remove"]
    assert now["take"]
    assert now["preset"]
    assert not now["code"]
    assert not now["enabled"]
    assert not now["registered"]


def test_it_can_be_installed_again(facts: Facts) -> None:
    assert facts["first again"]["operator"]
