"""The expressions that the VRM add-on for Blender keeps on an armature, where that add-on is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import bpy

from ..character.vrm import attribute

PRESETS = (
    *("aa", "ih", "ou", "ee", "oh", "blink", "blinkLeft", "blinkRight"),
    *("happy", "angry", "sad", "relaxed", "surprised"),
    *("lookUp", "lookDown", "lookLeft", "lookRight"),
)
"""Of VRM 1.0, but for `neutral`."""


def expressions(armature: bpy.types.Armature) -> dict[str, dict[str, float]]:
    """Shares of shape keys by the name of the expression; those without any are left out."""
    kept = getattr(armature, "vrm_addon_extension", None)
    older = str(getattr(kept, "spec_version", "")).startswith("0")
    found = _of_vrm_0(kept) if older else _of_vrm_1(kept)
    return {name: shares for name, binds in found if (shares := dict(_shares(binds)))}


def _of_vrm_0(kept: object) -> Iterator[tuple[str, object]]:
    """Names of presets where they are some, else the maker's own."""
    for group in attribute(kept, "vrm0.blend_shape_master.blend_shape_groups") or ():
        preset = str(getattr(group, "preset_name", "unknown"))
        yield (str(group.name) if preset == "unknown" else preset), getattr(group, "binds", ())


def _of_vrm_1(kept: object) -> Iterator[tuple[str, object]]:
    for name in PRESETS:
        snake = re.sub(r"(?=[A-Z])", "_", name).lower()
        yield name, attribute(kept, f"vrm1.expressions.preset.{snake}.morph_target_binds") or ()
    for custom in attribute(kept, "vrm1.expressions.custom") or ():
        yield str(getattr(custom, "custom_name", "")), getattr(custom, "morph_target_binds", ())


def _shares(binds: Iterable[object]) -> Iterator[tuple[str, float]]:
    for bind in binds:
        if name := str(getattr(bind, "index", "")):
            yield name, float(getattr(bind, "weight", 1.0))
