"""`blazerig retarget`: footage or a take onto a character."""

# pyright: reportAttributeAccessIssue=false, reportUnknownParameterType=false
# (bpy says nothing of what is in it)

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BlazeRigError
from .arguments import Commands, add_settings, file_ending
from .keying import add_keying, options_of, placement_of, smoothed, tolerance_of

if TYPE_CHECKING:
    import bpy

    from ..addon.animate.result import Result
    from ..solver.solution import Solution

EXPORTS = (".bvh", ".fbx", ".glb", ".usd", ".usda", ".usdc")


def add(commands: Commands) -> None:
    """The command and its options."""
    keys = commands.add_parser("retarget", help="footage or a take onto a character, as a .blend file")
    keys.set_defaults(run=run, refuse=keys.error)
    keys.add_argument("source", metavar="VIDEO|TAKE.npz", type=Path, help="footage, or a take of `track`")
    keys.add_argument(
        "--rig", metavar="CHARACTER.blend", type=Path, help="default: a mannequin on a Rigify human"
    )
    keys.add_argument("--armature", metavar="NAME", help="which one, where the file has several")
    keys.add_argument(
        "-o",
        dest="out",
        metavar="OUT.blend",
        type=file_ending(".blend"),
        required=True,
        help="the file to write",
    )
    keys.add_argument(
        "--export",
        metavar="FILE",
        nargs="+",
        action="extend",
        type=file_ending(*EXPORTS),
        default=[],
        help=f"the rig as keyed for other programs: {', '.join(EXPORTS)}",
    )
    add_keying(keys)
    add_settings(keys)


def run(options: argparse.Namespace) -> int:
    """Capture, solve and key; the exit code."""
    if options.armature and not options.rig:
        options.refuse("--armature says which armature of --rig; name the .blend file with --rig")
    from ..models.footage.names import is_pattern
    from ..solver.settings_file import read_settings

    if not options.source.exists() and not is_pattern(options.source):
        raise BlazeRigError(f"{options.source} does not exist; give footage or a take (.npz)")
    settings = smoothed(read_settings(options.settings), options)
    import bpy

    from ..addon import blend
    from ..addon.animate.placement import check_placement
    from ..addon.character.armature import read_rig
    from ..addon.export import check_export, export
    from ..pipeline import solve
    from .footage import captured

    for path in options.export:
        check_export(path)
    armature = _character(options)
    read_rig(armature)
    check_placement(armature, placement_of(options))
    blend.check_output(options.out)
    take = captured(options.source, face=_shows_face(armature, options)).take
    solution = solve(take, settings)
    if not options.rig:
        blend.set_rate(bpy.context.scene, take.fps)
    result = _animated(armature, solution, options)
    blend.save_blend(options.out)
    for path in options.export:
        export(armature, path)
    written = ", ".join(str(path) for path in (options.out, *options.export))
    print(f"{written}: {result.message}")
    return 0


def _shows_face(armature: bpy.types.Object, options: argparse.Namespace) -> bool:
    """Whether a face is worth looking for: the user's character has something to show it with."""
    from ..addon.face.character import face_of

    if options.no_face or not options.rig:
        return False
    return face_of(armature).follows


def _animated(armature: bpy.types.Object, solution: Solution, options: argparse.Namespace) -> Result:
    """Put the motion on the armature as the options say."""
    import bpy

    from ..addon.animate.animate import animate

    return animate(
        armature,
        solution.pose,
        scene=bpy.context.scene,
        start=options.start,
        name=options.source.stem,
        options=options_of(options),
        placement=placement_of(options),
        on_frames=not options.subframes,
        tolerance=tolerance_of(options),
        face=None if options.no_face else solution.face,
    )


def _character(options: argparse.Namespace) -> bpy.types.Object:
    """The armature to key: of the user's file, or a mannequin's in an empty one."""
    import bpy

    from ..addon import blend
    from ..addon.demo import mannequin
    from ..addon.quiet import quiet

    if options.rig:
        blend.open_blend(options.rig)
        return blend.choose_armature(options.armature)
    with quiet():
        bpy.ops.wm.read_factory_settings(use_empty=True)
        return mannequin.add()
