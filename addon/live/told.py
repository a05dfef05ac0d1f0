"""What the running worker is told when a setting changes."""

from __future__ import annotations

from typing import Any

import bpy

from . import session


def commands(live: bpy.types.PropertyGroup) -> list[dict[str, Any]]:
    """All of it, for a worker that has just begun."""
    return [{"predict": live.predict}, {"picture": live.picture}, {"vmc": receiver(live)}]


def receiver(live: bpy.types.PropertyGroup) -> dict[str, Any] | None:
    """Where the pose is sent to; None for nowhere."""
    return {"host": live.vmc_host, "port": live.vmc_port, "mirror": live.mirror} if live.vmc else None


def predict(live: bpy.types.PropertyGroup, _context: bpy.types.Context) -> None:
    """Prediction was switched."""
    session.send({"predict": live.predict})


def picture(live: bpy.types.PropertyGroup, _context: bpy.types.Context) -> None:
    """The picture was switched."""
    session.send({"picture": live.picture})


def vmc(live: bpy.types.PropertyGroup, _context: bpy.types.Context) -> None:
    """Where the pose is sent to, or how, has changed."""
    session.send({"vmc": receiver(live)})
