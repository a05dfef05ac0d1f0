"""`blazerig.export`: from scripts and from the button, told once, the scene unchanged."""

from __future__ import annotations

from collections.abc import Iterator

import blazerig
import bpy
import pytest
from blazerig.addon.animate.animate import animate
from blazerig.addon.animate.export_panel import draw_export


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 30
    blazerig.register()
    yield
    blazerig.unregister()


@pytest.fixture
def animated(build, names_of, motion, scene):
    armature = build(names_of("Mixamo"))
    armature.name = "Hero"
    animate(armature, motion(21, frames=4), scene=scene, name="clip")
    return armature


def said(**arguments):
    with pytest.raises(RuntimeError) as caught:
        bpy.ops.blazerig.export(**arguments)
    message = str(caught.value).strip()
    assert "\n" not in message
    return message


@pytest.mark.usefixtures("animated")
def test_a_script_exports_by_the_ending_of_the_file(tmp_path):
    for ending in (".bvh", ".usda", ".glb", ".fbx"):
        path = tmp_path / f"größer 短片{ending}"
        assert bpy.ops.blazerig.export(filepath=str(path)) == {"FINISHED"}
        assert path.stat().st_size > 1000


@pytest.mark.usefixtures("animated")
def test_a_name_without_an_ending_gets_that_of_the_button(tmp_path):
    assert bpy.ops.blazerig.export(filepath=str(tmp_path / "hero"), kind=".usdc") == {"FINISHED"}
    assert [path.name for path in tmp_path.iterdir()] == ["hero.usdc"]


@pytest.mark.usefixtures("animated")
def test_a_script_may_name_the_armature(build, names_of, tmp_path):
    build(names_of("Mixamo")).name = "Other"
    path = str(tmp_path / "hero.bvh")
    assert "'Other' has no keys to export" in said(filepath=path)
    assert bpy.ops.blazerig.export(filepath=path, armature="Hero") == {"FINISHED"}


@pytest.mark.usefixtures("animated")
def test_what_cannot_be_exported_is_told(tmp_path):
    assert "give its name" in said()
    assert "the kinds are .bvh" in said(filepath=str(tmp_path / "hero.obj"))
    assert "no armature 'Zero'" in said(filepath=str(tmp_path / "hero.bvh"), armature="Zero")
    assert not list(tmp_path.iterdir())


class Layout:
    """Takes down what is drawn."""

    def __init__(self, drawn=None):
        self.drawn = [] if drawn is None else drawn

    def row(self, **_):
        return Layout(self.drawn)

    column = row

    def label(self, text, icon):
        self.drawn.append((text, icon))

    def operator(self, name, text):
        assert name == "blazerig.export"
        self.drawn.append(text)
        return type("Button", (), {})()


def test_the_panel_offers_every_kind_once_there_are_keys(animated, monkeypatch):
    monkeypatch.setattr("blazerig.addon.animate.export_panel.wrapped", lambda *args: args[1].label(*args[2:]))
    layout = Layout()
    draw_export(bpy.context, layout)
    assert layout.drawn == ["FBX", "glTF", "USD", "BVH"]
    animated.animation_data_clear()
    layout = Layout()
    draw_export(bpy.context, layout)
    assert layout.drawn == [("Animate the character first, or select one that has keys", "INFO")]
