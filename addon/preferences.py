"""What the user chose once for all files, in Blender's preferences, and the folders that follow from it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import bpy

from .. import __package__ as extension

CACHE = "blazerig_cache"
"""The folder's name within one that the user chose: all that is in it may be deleted."""


@dataclass(frozen=True)
class Choices:
    """What was chosen; these are the defaults.

    Attributes:
        provider: What the nets run on.
        threads: Cores that the nets keep busy, 0 for all.
        cache: Folder in which the cache's own is made; empty for the extension's.
        takes: Folder for takes of files that were never saved; empty for the user's own.
    """

    provider: str = "auto"
    threads: int = 0
    cache: str = ""
    takes: str = ""


def choices() -> Choices:
    """What the user chose; the defaults where BlazeRig is not installed as an extension."""
    addon = bpy.context.preferences.addons.get(extension)
    chosen = addon and addon.preferences
    if not chosen:
        return Choices()
    return Choices(chosen.provider, chosen.threads, chosen.cache, chosen.takes)


def cache_folder() -> Path:
    """Where what can be made again is kept: all in it is BlazeRig's. It need not be there."""
    chosen = choices().cache or os.environ.get("BLAZERIG_CACHE", "")
    return Path(bpy.path.abspath(chosen)) / CACHE if chosen else own_cache_folder()


def own_cache_folder() -> Path:
    """Where the cache is by default: it goes with the extension."""
    if extension.startswith("bl_ext."):
        return Path(bpy.utils.extension_path_user(extension, path="cache"))
    return Path(bpy.utils.user_resource("DATAFILES", path="blazerig/cache"))


def takes_folder() -> Path:
    """Where takes of files that were never saved are kept. It need not be there."""
    chosen = choices().takes
    return Path(bpy.path.abspath(chosen)) if chosen else own_takes_folder()


def own_takes_folder() -> Path:
    """Where they are by default: a folder that stays when the extension goes."""
    return Path(bpy.utils.user_resource("DATAFILES", path="blazerig/takes"))
