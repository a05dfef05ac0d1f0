"""BlazeRig: motion capture for Blender from one ordinary camera.

This folder is the Python package and the extension alike. Importing it loads
nothing else; Blender calls `register`.
"""

VERSION = "0.1.0"


def register() -> None:
    """Add BlazeRig's operators, panel and properties to Blender."""
    from . import addon

    addon.register()


def unregister() -> None:
    """Remove all that `register` added, in reverse."""
    from . import addon

    addon.unregister()
