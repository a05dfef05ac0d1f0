"""Families of rigs against bones found, wrong and missing, as one table: `build.py bench-rigs ../shared`.

Every armature is mapped three times: by its family; as if it were of none, by names and shape; and with
its bones called `Bone.001` ..., by shape alone. Ends with 1 where one is wrong or a required one missing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("BLENDER_USER_RESOURCES", tempfile.mkdtemp(prefix="blazerig-blender-"))

import bpy
from blazerig.addon.quiet import quiet
from cases import Case, cases
from measure import judged

HEAD = ("armature", "bones", "recognised as", "by family", "by names and shape", "by shape alone")


def main() -> int:
    """Print the table; the exit code."""
    parser = argparse.ArgumentParser(prog="bench-rigs", description=__doc__)
    parser.add_argument("folder", type=Path, help="where media/ is; what is not there is left out")
    parser.add_argument("--no-rigify", action="store_true", help="leave out Rigify, which takes its time")
    options = parser.parse_args()
    print("Bones found of those that the family names / wrong / required ones missing.\n")
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    bad = 0
    for case in cases(options.folder, rigify=not options.no_rigify):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        cells, fine = row(case)
        print("| " + " | ".join(cells) + " |", flush=True)
        bad += not fine
    print(f"\n{bad} armatures with a wrong bone or without a required one" if bad else "\nzero wrong")
    return 1 if bad else 0


def row(case: Case) -> tuple[list[str], bool]:
    """The cells of one armature, and whether all is as it should be."""
    with quiet():
        armature = case.make()
    outcomes = judged(armature, case)
    cells = [case.name, str(len(armature.data.bones)), outcomes[0].family]
    cells += [outcome.cell if outcome else "" for outcome in outcomes]
    return cells + [""] * (len(HEAD) - len(cells)), all(outcome.fine for outcome in outcomes)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # Blender's module may hang while Python shuts down
