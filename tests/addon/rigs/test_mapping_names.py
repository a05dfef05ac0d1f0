"""The rig files against the list of names that was read in public files, and the table of all of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from blazerig.addon.character.match import spelling
from blazerig.addon.character.rig_file import families

ROOT = Path(__file__).resolve().parents[3]

SECTIONS = {
    "Mixamo": "Mixamo",
    "Ready Player Me": "Ready Player Me",
    "Unreal Engine 4 mannequin": "Unreal 4",
    "VRoid Studio": "VRoid",
    "Microsoft Rocketbox": "Microsoft Rocketbox",
    "Cats Blender Plugin": "Cats",
    "Reallusion Character Creator": "Character Creator",
    "MikuMikuDance": "MMD",
    "Rigify metarig": "Rigify metarig",
    "MPFB / MakeHuman default": "MakeHuman",
    "VRM add-on for Blender": "VRM (Blender names)",
    "Daz Genesis 3 / 8": "Daz Genesis 3 and 8",
    "Unreal Engine 5 mannequin": "Unreal 5",
    "RenderPeople": "RenderPeople",
    "MocapOnline": "MocapOnline",
    "Rigify generated rig, deform bones": "Rigify, deform bones",
}
"""Sections of the list that give a name for every slot, by how they begin."""
MIDDLE = {"hips", "spine", "chest", "upperChest", "neck", "head"}


@pytest.mark.parametrize(("section", "family"), SECTIONS.items())
def test_every_name_of_the_list_is_in_its_rig_file(shared, section, family):
    path = shared / "spec" / "bone_names.md"
    if not path.is_file():
        pytest.skip(f"there is no list of names at {path}")
    text = next(part for part in path.read_text("utf-8").split("\n## ") if part.startswith(section))
    file = next(file for file in families() if file.family == family)
    told = re.findall(r"(\w+) = ((?:`[^`]+`(?: / )?)+)", text)
    assert len(told) > 15
    for part, names in told:
        slot = re.sub(r"_(\w)", lambda found: found[1].upper(), part)
        if slot in ("eye", "jaw"):
            continue
        slot = slot if slot in MIDDLE else "left" + slot[0].upper() + slot[1:]
        for name in re.findall(r"`([^`]+)`", names):
            known = {spelling(bone) for bone in file.slots[slot].bones}
            assert spelling(name.removeprefix("mixamorig:")) in known, f"{family} lacks {name} for {slot}"


def test_the_table_of_all_armatures_shows_nothing_wrong(shared):
    """The command that anyone can run, without Rigify, which other tests look at."""
    folder = shared if shared.is_dir() else Path("nowhere")
    command = [sys.executable, "-P", ROOT / "tests" / "bench_rigs", folder, "--no-rigify"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "zero wrong" in done.stdout
    assert done.stdout.count("| names of ") == len(families()) - 1
