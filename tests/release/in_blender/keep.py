"""Run by a bare Blender, step by step: what outlives updating and removing the add-on.

keep.py update|remove OLDER.zip LATER.zip FACTS.json
"""

import importlib
import json
import os
import sys
from pathlib import Path

import bpy

STEP, OLDER, ZIP, FACTS = sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])
addon_utils = importlib.import_module("addon_utils")  # there once bpy is
NAME = "bl_ext.user_default.blazerig"


def part(name: str):
    return importlib.import_module(f"{NAME}.{name}")


def install(zipped: str) -> None:
    bpy.ops.extensions.package_install_files(filepath=zipped, repo="user_default", enable_on_install=True)


def chosen():
    return bpy.context.preferences.addons[NAME].preferences


def use() -> None:
    """Leave a take, a preset and choices."""
    take = part("addon.takes.folder").takes_folder() / "kept.npz"
    take.write_bytes(b"a take")
    preset = part("addon.character.presets").preset_folder() / "mine.toml"
    preset.parent.mkdir(parents=True, exist_ok=True)
    preset.write_text("a preset", "utf-8")
    chosen().provider, chosen().threads = "cpu", 3


def there() -> dict[str, object]:
    """What of it is there, and which version of the add-on."""
    data = Path(bpy.utils.user_resource("DATAFILES", path="blazerig/takes"))
    presets = Path(bpy.utils.user_resource("SCRIPTS", path="presets/blazerig/bones"))
    code = Path(bpy.utils.user_resource("EXTENSIONS", path="user_default/blazerig"))
    return {
        "take": (data / "kept.npz").is_file(),
        "preset": (presets / "mine.toml").is_file(),
        "code": code.exists(),
        "enabled": NAME in bpy.context.preferences.addons,
    }


def enabled() -> dict[str, object]:
    choices = part("addon.preferences").choices()
    return {
        **there(),
        "versions": [importlib.import_module(NAME).VERSION, part("addon.session").VERSION],
        "choices": [choices.provider, choices.threads],
        "operator": bpy.ops.blazerig.track.poll(),
    }


facts: dict[str, object] = {}
if STEP == "update":  # an older one was just installed and is in use
    install(OLDER)
    use()
    facts["older"] = enabled()
    install(ZIP)
    facts["later"] = enabled()
    addon_utils.disable(NAME, default_set=True)
    facts["disabled"] = there()
    addon_utils.enable(NAME, default_set=True)
    facts["again"] = bpy.ops.blazerig.track.poll()
elif STEP == "remove":
    addon_utils.enable(NAME, default_set=True)
    repos = bpy.context.preferences.extensions.repos
    index = next(i for i, repo in enumerate(repos) if repo.module == "user_default")
    bpy.ops.extensions.package_uninstall(repo_index=index, pkg_id="blazerig")
    facts = {**there(), "registered": hasattr(bpy.types.Scene, "blazerig")}
    install(ZIP)
    facts["back"] = enabled()
bpy.ops.wm.save_userpref()
FACTS.write_text(json.dumps(facts))
sys.stdout.flush()
os._exit(0)
