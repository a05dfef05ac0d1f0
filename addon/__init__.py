"""Everything Blender: operators, the panels, reading rigs, writing keys."""

from __future__ import annotations

import bpy

from . import job, preferences_page, properties
from .animate import operators as animate_operators
from .animate import panel as animate_panel
from .animate import preview
from .animate import properties as animate_properties
from .footage import operators as footage_operators
from .footage import panel as footage_panel
from .footage import properties as footage_properties
from .footage import thumbnail
from .refine import properties as refine_properties
from .takes import files as takes_files
from .takes import operators as takes_operators
from .takes import overlay as takes_overlay
from .takes import panel as takes_panel
from .takes import properties as takes_properties
from .takes import strip as takes_strip

MODULES = (
    footage_properties,
    refine_properties,
    takes_properties,
    animate_properties,
    properties,
    job,
    preferences_page,
    thumbnail,
    preview,
    takes_files,
    takes_strip,
    takes_overlay,
    footage_operators,
    takes_operators,
    animate_operators,
    footage_panel,
    takes_panel,
    animate_panel,
)
"""In the order of registration; taken away in reverse.

Each has `CLASSES`, and may have `register` and `unregister`.
"""


def register() -> None:
    """Add all classes of a module, then what needs them."""
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
