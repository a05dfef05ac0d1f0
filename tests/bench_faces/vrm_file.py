"""The expressions of a .vrm file, which Blender's importer of glTF leaves out."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Shares = dict[str, float]


def expressions_of(path: Path) -> dict[str, Shares]:
    """Shares of shape keys by the name of the expression, of VRM 0.x and 1.0."""
    content = _json_of(path)
    extensions = content.get("extensions", {})
    newer = extensions.get("VRMC_vrm", {}).get("expressions", {})
    found = dict(_newer(content, {**newer.get("preset", {}), **newer.get("custom", {})}))
    groups = extensions.get("VRM", {}).get("blendShapeMaster", {}).get("blendShapeGroups", [])
    return found | dict(_older(content, groups))


def _json_of(path: Path) -> dict[str, Any]:
    """The first chunk of a binary glTF."""
    with path.open("rb") as file:
        file.seek(12)
        length, _ = struct.unpack("<II", file.read(8))
        return json.loads(file.read(length))


def _newer(content: Mapping[str, Any], kept: Mapping[str, Any]) -> Iterator[tuple[str, Shares]]:
    for name, expression in kept.items():
        binds = expression.get("morphTargetBinds", [])
        shares = {
            _key(content, content["nodes"][bind["node"]]["mesh"], bind["index"]): float(bind.get("weight", 1))
            for bind in binds
        }
        if shares:
            yield name, shares


def _older(content: Mapping[str, Any], groups: list[dict[str, Any]]) -> Iterator[tuple[str, Shares]]:
    for group in groups:
        preset = group.get("presetName", "unknown")
        shares = {
            _key(content, bind["mesh"], bind["index"]): bind.get("weight", 100) / 100
            for bind in group.get("binds", [])
        }
        if shares:
            yield (group.get("name", "") if preset == "unknown" else preset), shares


def _key(content: Mapping[str, Any], mesh: int, index: int) -> str:
    """What the importer calls a morph target."""
    kept = content["meshes"][mesh]
    names = kept.get("extras", {}).get("targetNames") or kept["primitives"][0].get("extras", {}).get(
        "targetNames", []
    )
    return names[index] if index < len(names) else f"target_{index}"
