"""A character for those who have none at hand: a Rigify human with a plain jointed body."""

from __future__ import annotations

import bpy
import numpy as np

from .mesh import body
from .rest import Bone
from .rigify import human
from .solid import Solid

_DEFORM = "DEF-"
# Linear red, green, blue of the materials in the order of `mannequin_rest`: body, joints, left, right.
# Left and right are those of models/overlay.py.
_PAINTS = (
    ("body", (0.62, 0.57, 0.51)),
    ("joints", (0.045, 0.045, 0.050)),
    ("left", (1.0, 0.305, 0.045)),
    ("right", (0.045, 0.456, 1.0)),
)
_ROUGHNESS = 0.42


def add(name: str = "Mannequin") -> bpy.types.Object:
    """Add a Rigify human with a body at the origin of the current scene; returns the armature, active.

    The body is a mesh that is parented to the armature and skinned to its deform bones. Its left
    side is marked orange, its right side blue. Takes some seconds.

    Raises:
        BlazeRigError: This Blender has no Rigify, or it failed.
    """
    rig = human(name)
    rest = {
        bone.name: Bone(np.array(bone.head_local), np.array(bone.tail_local))
        for bone in rig.data.bones
        if bone.name.startswith(_DEFORM)
    }
    skin = _object(name, body(rest))
    for collection in rig.users_collection:
        collection.objects.link(skin)
    skin.parent = rig
    modifier = skin.modifiers.new("Armature", "ARMATURE")
    modifier.object = rig
    _hide_widgets(rig)
    return rig


def _object(name: str, solid: Solid) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(f"{name} body")
    mesh.from_pydata(solid.vertices.tolist(), [], [list(face) for face in solid.faces])
    for paint, colour in _PAINTS:
        mesh.materials.append(_material(f"{name} {paint}", colour))
    mesh.polygons.foreach_set("material_index", solid.paint)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(solid.faces), dtype=bool))
    mesh.update()
    created = bpy.data.objects.new(mesh.name, mesh)
    for bone, share in solid.weights.items():
        group = created.vertex_groups.new(name=bone)
        for weight in np.unique(share[share > 0.0]):
            group.add(np.flatnonzero(share == weight).tolist(), float(weight), "REPLACE")
    return created


def _material(name: str, colour: tuple[float, float, float]) -> bpy.types.Material:
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # a new material has one since Blender 5.0
        material.use_nodes = True
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Roughness"].default_value = _ROUGHNESS
    material.diffuse_color = (*colour, 1.0)  # the solid view's
    material.roughness = _ROUGHNESS
    return material


def _hide_widgets(rig: bpy.types.Object) -> None:
    """Keep the shapes of the rig's controls out of renders."""
    for bone in rig.pose.bones:
        if bone.custom_shape is not None:
            bone.custom_shape.hide_render = True
