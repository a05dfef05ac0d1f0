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
    both = [without_wheels(zips[blender.tag], version, folder) for version in (OLDER, VERSION)]
    found: Facts = {}
    for step in ("update", "remove"):
        done = alone.run("keep.py", step, *both, folder / "facts.json")
        assert done.returncode == 0, done.stdout + done.stderr
        found[step] = json.loads((folder / "facts.json").read_text("utf-8"))
    return found


def test_a_later_version_takes_the_place_of_the_one_that_is_in_use(facts: Facts) -> None:
    assert facts["update"]["older"]["versions"] == [OLDER, OLDER]
    assert facts["update"]["later"]["versions"] == [VERSION, VERSION]
    assert facts["update"]["later"]["operator"]


def test_it_keeps_takes_presets_and_what_was_chosen(facts: Facts) -> None:
    now = facts["update"]["later"]
    assert now["take"]
    assert now["preset"]
    assert now["choices"] == ["cpu", 3]


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
    assert facts["remove"]["back"]["operator"]
    assert facts["remove"]["back"]["take"]
