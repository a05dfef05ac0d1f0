"""How a motion is put on a character, as options of the command line."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING

from .arguments import at_least_nothing, positive

if TYPE_CHECKING:
    from argparse import _ArgumentGroup as Group  # pyright: ignore[reportPrivateUsage]

    from ..addon.animate.drawing import Tolerance
    from ..addon.animate.placement import Placement
    from ..solver.retarget import Options
    from ..solver.settings import Settings


def add_keying(command: argparse.ArgumentParser) -> None:
    """What is carried over, where the keys go, and how many there are."""
    _add_motion(command)
    keys = command.add_argument_group("the keys")
    _add_keys(keys)
    _add_placement(keys)


def _add_motion(command: argparse.ArgumentParser) -> None:
    motion = command.add_argument_group("the motion on the character")
    motion.add_argument(
        "--controls",
        choices=("fk", "ik", "deform"),
        default="fk",
        help="what is keyed: FK controls (default), IK controls of hands, feet and poles beside them, or "
        "the bones that deform",
    )
    motion.add_argument("--in-place", action="store_true", help="the character stays over its spot")
    motion.add_argument(
        "--size",
        choices=("character", "performer"),
        default="character",
        help="steps as long as the character's legs make them (default), or metres as they were",
    )
    motion.add_argument("--mirror", action="store_true", help="left and right exchanged")
    motion.add_argument("--no-hands", action="store_true", help="fingers are not keyed")
    motion.add_argument(
        "--no-face", action="store_true", help="the face is neither looked for in footage nor keyed"
    )
    motion.add_argument(
        "--floor", metavar="METRES", type=float, default=0.0, help="how high the floor is (default: 0)"
    )
    motion.add_argument(
        "--smooth",
        metavar="FACTOR",
        type=at_least_nothing,
        help="how calm the motion is: 1 as measured on people (default), 0 as it was seen",
    )


def _add_keys(keys: Group) -> None:
    keys.add_argument(
        "--start", metavar="N", type=float, default=1.0, help="frame of the footage's first (default: 1)"
    )
    keys.add_argument(
        "--subframes",
        action="store_true",
        help="keys at the footage's own times, between frames where they fall there (default: on the "
        "scene's frames)",
    )
    keys.add_argument(
        "--reduce", metavar="DEG", type=positive, help="fewer keys, rotations within so many degrees"
    )
    keys.add_argument(
        "--reduce-mm",
        metavar="MM",
        type=positive,
        default=2.0,
        help="with --reduce: locations within so many millimetres (default: 2)",
    )


def _add_placement(keys: Group) -> None:
    where = keys.add_mutually_exclusive_group()
    where.add_argument(
        "--nla", action="store_true", help="into a strip on a new track of the NLA (default: a new Action)"
    )
    where.add_argument(
        "--replace",
        metavar=("FIRST", "LAST"),
        nargs=2,
        type=float,
        help="in place of the keys of the character's Action from frame FIRST to LAST",
    )
    keys.add_argument(
        "--blend",
        metavar="N",
        type=at_least_nothing,
        default=5.0,
        help="with --replace: frames over which both ends are mixed with what was there (default: 5)",
    )


def options_of(arguments: argparse.Namespace) -> Options:
    """What is carried over."""
    from ..solver.retarget import Options

    return Options(
        travel=not arguments.in_place,
        size=arguments.size,
        floor=arguments.floor,
        mirror=arguments.mirror,
        hands=not arguments.no_hands,
        controls=arguments.controls,
    )


def placement_of(arguments: argparse.Namespace) -> Placement:
    """Where the keys go."""
    from ..addon.animate.placement import Placement

    if arguments.replace:
        first, last = arguments.replace
        return Placement("range", first, last, arguments.blend)
    return Placement("strip" if arguments.nla else "action")


def tolerance_of(arguments: argparse.Namespace) -> Tolerance | None:
    """By how much fewer keys may be off; None where all are wanted."""
    from ..addon.animate.drawing import Tolerance

    return Tolerance(arguments.reduce, arguments.reduce_mm) if arguments.reduce else None


def smoothed(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """The solver's settings, with the smoothness that is asked for."""
    if arguments.smooth is None:
        return settings
    return dataclasses.replace(settings, smoothing=arguments.smooth)
