"""Everything Blender: operators, panels, reading rigs, writing keys; a folder for each step of the work."""

from __future__ import annotations

from importlib import import_module

import bpy

NAMES = (
    "footage.properties",
    "refine.properties",
    "live.record_properties",
    "takes.properties",
    "character.properties",
    "face.properties",
    "animate.properties",
    "live.properties",
    "properties",
    "job",
    "preferences_page",
    "footage.thumbnail",
    "footage.operators",
    "footage.panel",
    "takes.files",
    "takes.strip",
    "takes.overlay",
    "takes.operators",
    "takes.panel",
    "character.operators",
    "character.panel",
    "face.operators",
    "face.panel",
    "animate.preview",
    "animate.operators",
    "animate.export_operator",
    "animate.panel",
    "live.cameras",
    "live.handlers",
    "live.corner",
    "live.operators",
    "live.panel",
    "live.record_handlers",
    "live.record_view",
    "live.record_operators",
    "live.record_panel",
    "refine.shown",
    "refine.operators",
    "refine.worst_frame",
    "refine.edit_contacts",
    "refine.draw_strips",
    "refine.draw_bones",
    "refine.panel",
    "animate.export_panel",
)
"""In the order of registration. Each has `CLASSES`, and `register` and `unregister` where it needs them."""
MODULES = tuple(import_module(f".{name}", __package__) for name in NAMES)


def register() -> None:
    """Add the classes of every module, then what needs them."""
    for module in MODULES:
        for cls in module.CLASSES:
            bpy.utils.register_class(cls)
        if hasattr(module, "register"):
            module.register()


def unregister() -> None:
    """End what runs, then take away all that `register` added."""
    for module in reversed(MODULES):
        if hasattr(module, "unregister"):
            module.unregister()
        for cls in reversed(module.CLASSES):
            bpy.utils.unregister_class(cls)
