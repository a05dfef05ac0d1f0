"""What the running worker is told when a setting changes."""

from __future__ import annotations

import bpy

from . import session
from .asked import receiver


def predict(live: bpy.types.PropertyGroup, _context: bpy.types.Context) -> None:
    """Prediction was switched."""
    session.send({"predict": live.predict})


def picture(live: bpy.types.PropertyGroup, _context: bpy.types.Context) -> None:
    """The picture was switched."""
    session.send({"picture": live.picture})


def vmc(live: bpy.types.PropertyGroup, _context: bpy.types.Context) -> None:
    """Where the pose is sent to, or how, has changed."""
    session.send({"vmc": receiver(live)})
