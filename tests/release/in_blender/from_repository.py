"""Run by a bare Blender: add a repository and install the add-on from it, as a studio's user does.

from_repository.py URL FACTS.json
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

import bpy

URL, FACTS = sys.argv[1], Path(sys.argv[2])
NAME = "bl_ext.studio.blazerig"
bpy.context.preferences.system.use_online_access = True
repos = bpy.context.preferences.extensions.repos
repo = repos.new(name="Studio", module="studio", remote_url=URL)
index = next(i for i, other in enumerate(repos) if other.module == "studio")
outcomes = [
    bpy.ops.extensions.repo_sync(repo_index=index),
    bpy.ops.extensions.package_install(repo_index=index, pkg_id="blazerig", enable_on_install=True),
]
facts = {
    "outcomes": ["".join(outcome) for outcome in outcomes],
    "enabled": NAME in bpy.context.preferences.addons,
    "wheels": {
        name: bool(importlib.util.find_spec(name))
        for name in ("onnxruntime", "cv2", "av", "pythonosc", "scipy")
    },
    "operator": hasattr(bpy.types, "BLAZERIG_OT_track"),
}
FACTS.write_text(json.dumps(facts))
sys.stdout.flush()
os._exit(0)
