"""Everything Blender: operators, the panel, reading rigs, writing keys."""

from __future__ import annotations

import bpy

from . import operators, panel, properties

CLASSES = (*properties.CLASSES, *operators.CLASSES, *panel.CLASSES)
"""In the order of registration; taken away in reverse."""


def register() -> None:
    """Add all classes, then what needs them."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    properties.register()
    operators.register()


def unregister() -> None:
    """End what runs, then take away all that `register` added."""
    operators.unregister()
    properties.unregister()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
