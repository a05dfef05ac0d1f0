"""The armatures that the table is made of, and the family that each is of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import armatures
import bpy
from blazerig.addon.character.rig_file import families

FAMILY = {
    "rig.default.json": "MakeHuman",
    "rig.default_no_toes.json": "MakeHuman, no toes",
    "rig.game_engine.json": "Unreal 4",
    "rig.mixamo.json": "Mixamo",
    "rig.mixamo_unity.json": "Mixamo",
    "rig.rigify_human_toes.json": "Rigify metarig",
    "debug_robot.vrm": "VRM (Blender names)",
    "cmu1_jumping_jacks.bvh": "BVH",
    "cmu_02_01.bvh": "CMU",
    "cmu_131_01.bvh": "BVH",
    "cmu_135_09_oiduki_punch.bvh": "Acclaim",
    "fair1_dab.bvh": "Mixamo",
    "fair1_jumping.bvh": "Mixamo",
}
"""What the files beside the checkout hold."""


@dataclass(frozen=True)
class Case:
    """One armature.

    Attributes:
        name: For the table.
        family: That it is of.
        make: Adds it to the file.
        guessed: Whether it can be mapped without its family (a rig of controls cannot).
        truth: Bones by slot, where something else than the rig file says them.
    """

    name: str
    family: str
    make: Callable[[], bpy.types.Object]
    guessed: bool = True
    truth: Mapping[str, str] = field(default_factory=dict)


def cases(folder: Path, *, rigify: bool) -> Iterator[Case]:
    """All armatures: files under `folder`, Rigify's, and one made of the names of each family."""
    for path in armatures.files(folder):
        truth = armatures.vrm_humanoid(path) if path.suffix == ".vrm" else {}
        yield Case(path.name, FAMILY.get(path.name, "?"), partial(armatures.load, path), truth=truth)
    for kind in armatures.METARIGS if rigify else ():
        yield Case(f"{kind} metarig", "Rigify metarig", partial(armatures.metarig, kind))
    for kind in armatures.METARIGS if rigify else ():
        yield Case(f"{kind} generated", "Rigify", partial(armatures.generated, kind), guessed=False)
    for number, file in enumerate(families()):
        if file.family != "Rigify":
            make = partial(armatures.from_names, file, a_pose=45.0 * (number % 2))
            yield Case(f"names of {file.family}", file.family, make, truth=armatures.names_of(file))
