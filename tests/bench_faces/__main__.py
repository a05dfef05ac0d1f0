"""What of your own characters shows a face: `build.py bench-faces FOLDER`.

Every .blend, .glb, .gltf, .vrm and .fbx of the folder is opened, and for each of its armatures is told by
what its shape keys and bones were recognised, which of ARKit's shapes it cannot show, and which names
nobody knows. Of a .vrm file the expressions are read from the file itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("BLENDER_USER_RESOURCES", tempfile.mkdtemp(prefix="blazerig-blender-"))

import bpy
from blazerig.addon.character.guess import KEYED
from blazerig.addon.face.match import FaceMatch, face_match
from blazerig.addon.face.meshes import shape_keys, shape_names
from blazerig.addon.face.vrm import expressions
from blazerig.addon.quiet import quiet
from vrm_file import expressions_of

KINDS = (".blend", ".glb", ".gltf", ".vrm", ".fbx")


def main() -> int:
    """Print a paragraph for each armature; 1 where one has shape keys of which none is known."""
    parser = argparse.ArgumentParser(prog="bench-faces", description=__doc__)
    parser.add_argument("folder", type=Path, help="where your characters are")
    folder = parser.parse_args().folder
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in KINDS)
    blind = 0
    for path in files:
        with quiet():
            opened(path)
        said = expressions_of(path) if path.suffix.lower() == ".vrm" else {}
        for armature in [thing for thing in bpy.data.objects if thing.type == "ARMATURE"]:
            names = shape_names(shape_keys(armature))
            made = expressions(armature.data) or said
            match = face_match(names, armature.data.bones.keys(), made)
            print("\n".join(told(f"{path.relative_to(folder)}, {armature.name}", match, names)), flush=True)
            blind += bool(names) and not match.shapes
    print(f"{len(files)} files; {blind} armatures with shape keys of which none is known")
    return int(bool(blind))


def opened(path: Path) -> None:
    """Put the file into the scene, alone."""
    if path.suffix.lower() == ".blend":
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False)
        return
    bpy.ops.wm.read_factory_settings(use_empty=True)
    if path.suffix.lower() == ".fbx":
        bpy.ops.import_scene.fbx(filepath=str(path))
    elif path.suffix.lower() == ".vrm":  # a glTF, which the importer believes by its ending alone
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(path, copy := Path(folder) / "character.glb")
            bpy.ops.import_scene.gltf(filepath=str(copy))
    else:
        bpy.ops.import_scene.gltf(filepath=str(path))


def told(title: str, match: FaceMatch, names: tuple[str, ...]) -> Iterator[str]:
    """What there is to say of one armature."""
    known = {name for target in (*match.shapes, *match.others) for name in (target.name, *target.parts)}
    yield f"{title}: {len(names)} shape keys; {match.why}"
    for what, some in (
        ("bones", [target.name for target in match.bones]),
        ("cannot show", match.unshown if match.shown else ()),
        ("in doubt", [f"{one.name} ({one.says}?)" for one in match.others if one.certainty < KEYED]),
        ("by words alone", [f"{one.name} ({one.says})" for one in match.shapes if one.dialect == "words"]),
        ("not needed", [one.name for one in match.others if one.certainty >= KEYED]),
        ("unknown", [name for name in names if name not in known]),
    ):
        if some:
            yield f"    {what}: {', '.join(some)}"
    yield ""


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # Blender's module may hang while Python shuts down
