"""The mannequin: a closed body that rests on the floor, mirrors itself and goes where the rig goes."""

from __future__ import annotations

from collections import Counter

import bpy
import numpy as np
import pytest
from blazerig.addon.demo import mannequin
from mathutils import Quaternion
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

STILL = 1e-5
"""Metres that float32 may move a vertex that does not move."""


@pytest.fixture(scope="module")
def rig() -> bpy.types.Object:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return mannequin.add("Dummy")


@pytest.fixture
def body(rig: bpy.types.Object) -> bpy.types.Object:
    (skin,) = [child for child in rig.children if child.type == "MESH"]
    return skin


def vertices(body: bpy.types.Object, *, posed: bool = False) -> np.ndarray:
    mesh = body.evaluated_get(bpy.context.evaluated_depsgraph_get()).data if posed else body.data
    flat = np.empty(3 * len(mesh.vertices))
    mesh.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def carried_by(body: bpy.types.Object, bone: str) -> np.ndarray:
    """Share of `bone` in every vertex."""
    group = body.vertex_groups[bone].index
    return np.array([sum(g.weight for g in v.groups if g.group == group) for v in body.data.vertices])


def test_the_rig_is_active_and_has_its_name(rig: bpy.types.Object) -> None:
    assert bpy.context.object == rig
    assert rig.name == "Dummy"


def test_every_vertex_is_carried_in_full_by_bones_that_deform(
    rig: bpy.types.Object, body: bpy.types.Object
) -> None:
    assert all(rig.data.bones[group.name].use_deform for group in body.vertex_groups)
    totals = [sum(group.weight for group in vertex.groups) for vertex in body.data.vertices]
    np.testing.assert_allclose(totals, 1.0, atol=1e-5)


def test_the_surface_is_closed(body: bpy.types.Object) -> None:
    uses = Counter(edge for face in body.data.polygons for edge in face.edge_keys)
    assert set(uses.values()) == {2}


def test_every_piece_has_its_outside_outside(body: bpy.types.Object) -> None:
    points, mesh = vertices(body), body.data
    mesh.calc_loop_triangles()
    corners = np.array([triangle.vertices[:] for triangle in mesh.loop_triangles])
    edges = np.array([edge.vertices[:] for edge in mesh.edges])
    links = coo_array((np.ones(len(edges)), edges.T), shape=(len(points), len(points)))
    pieces, of_vertex = connected_components(links, directed=False)
    volume = np.linalg.det(points[corners]) / 6.0
    assert pieces > 50
    assert np.bincount(of_vertex[corners[:, 0]], volume, pieces).min() > 0.0


def test_it_is_as_tall_as_its_rig(rig: bpy.types.Object, body: bpy.types.Object) -> None:
    crown = rig.data.bones["DEF-spine.006"].tail_local.z
    assert vertices(body)[:, 2].max() == pytest.approx(crown, rel=0.03)


def test_it_is_light(body: bpy.types.Object) -> None:
    assert len(body.data.polygons) < 20_000


def test_it_stands_on_the_floor(body: bpy.types.Object) -> None:
    points = vertices(body)
    assert points[:, 2].min() == pytest.approx(0.0, abs=1e-6)
    for side in (1.0, -1.0):
        assert points[side * points[:, 0] > 0, 2].min() == pytest.approx(0.0, abs=1e-6)


def test_the_right_half_mirrors_the_left(body: bpy.types.Object) -> None:
    points = vertices(body)
    arms = np.abs(points[:, 0]) > 0.2
    left, right = points[arms & (points[:, 0] > 0)], points[arms & (points[:, 0] < 0)] * [-1, 1, 1]
    assert len(left) == len(right)
    gaps = [np.linalg.norm(left - point, axis=1).min() for point in right]
    assert max(gaps) < 1e-4


def test_left_is_marked_on_the_left_and_right_on_the_right(body: bpy.types.Object) -> None:
    names = [material.name for material in body.data.materials]
    for word, sign in (("left", 1.0), ("right", -1.0)):
        slot = next(number for number, name in enumerate(names) if name.endswith(word))
        marked = [face.center.x for face in body.data.polygons if face.material_index == slot]
        assert marked
        assert all(sign * x > 0 for x in marked)


def test_the_nose_shows_where_it_looks(rig: bpy.types.Object, body: bpy.types.Object) -> None:
    points = vertices(body)
    head = points[points[:, 2] > rig.data.bones["DEF-spine.006"].head_local.z]
    foremost = head[head[:, 1].argmin()]
    nose = rig.data.bones["DEF-nose"].tail_local
    np.testing.assert_allclose(foremost, nose, atol=0.03)
    level = head[np.abs(head[:, 2] - foremost[2]) < 0.012]
    beside = level[(np.abs(level[:, 0]) > 0.025) & (np.abs(level[:, 0]) < 0.045)]
    assert beside[:, 1].min() > foremost[1] + 0.01


def test_each_finger_bone_lies_inside_its_own_piece(rig: bpy.types.Object, body: bpy.types.Object) -> None:
    points = vertices(body)
    for finger in ("thumb", "f_index", "f_middle", "f_ring", "f_pinky"):
        for side in "LR":
            bone = rig.data.bones[f"DEF-{finger}.02.{side}"]
            piece = points[carried_by(body, bone.name) == 1.0]
            middle = np.array((bone.head_local + bone.tail_local) / 2)
            assert np.all(piece.min(0) < middle)
            assert np.all(piece.max(0) > middle)


def test_a_turned_forearm_takes_along_the_forearm_and_the_hand_and_nothing_else(
    rig: bpy.types.Object, body: bpy.types.Object
) -> None:
    rig.pose.bones["upper_arm_parent.L"]["IK_FK"] = 1.0
    before = vertices(body, posed=True)
    control = rig.pose.bones["forearm_fk.L"]
    control.rotation_mode = "QUATERNION"
    control.rotation_quaternion = Quaternion((1.0, 0.0, 0.0), np.radians(60.0))
    bpy.context.view_layer.update()
    moved = np.linalg.norm(vertices(body, posed=True) - before, axis=1)
    control.rotation_quaternion = (1.0, 0.0, 0.0, 0.0)
    bpy.context.view_layer.update()
    assert moved[carried_by(body, "DEF-hand.L") == 1.0].min() > 0.1
    for bone in ("DEF-hand.R", "DEF-spine.006", "DEF-shin.L", "DEF-shoulder.L"):
        assert moved[carried_by(body, bone) == 1.0].max() < STILL


def test_the_shapes_of_the_controls_are_not_rendered(rig: bpy.types.Object) -> None:
    shapes = {bone.custom_shape for bone in rig.pose.bones} - {None}
    assert shapes
    assert all(shape.hide_render for shape in shapes)


def test_a_second_one_shares_nothing_with_the_first(rig: bpy.types.Object, body: bpy.types.Object) -> None:
    second = mannequin.add("Dummy")
    (skin,) = [child for child in second.children if child.type == "MESH"]
    assert second != rig
    assert second.data != rig.data
    assert skin.data != body.data
    assert not set(skin.data.materials) & set(body.data.materials)
    assert skin.modifiers["Armature"].object == second
    assert body.modifiers["Armature"].object == rig
