"""The parts that the face net with attention looks at closer, joined with its mesh to 478 landmarks.

As `modules/face_landmark/tensors_to_face_landmarks_with_attention.pbtxt` joins them: lips and eyes replace x
and y of the mesh at their landmarks; the irises follow the mesh, each at the mean z of its eye's contour.
Which landmarks a part has, the net says itself: they are those that its region is placed by.
"""

from __future__ import annotations

import numpy as np

from .builder import Builder
from .flatbuffer import Array, Graph

_MESH = 468
_IRIS = 5
_CONTOUR = 16


def join_parts(builder: Builder, graph: Graph, parts: dict[str, int], output: str) -> tuple[int, int]:
    """Write the landmarks, pixels of the crop, shape (N, 478, 3); returns the shape of one face.

    `parts` are the tensors of mesh, lips, left_eye, right_eye, left_iris and right_iris.
    """
    regions = [_region(graph, parts[part]) for part in ("lips", "left_eye", "right_eye")]
    mesh = _points(builder, parts["mesh"], 3)
    xy = [builder.node("Slice", [mesh, *_limits(builder, 0, 2)])]
    xy += [_points(builder, index, 2) for part, index in parts.items() if part != "mesh"]
    z = [builder.node("Slice", [mesh, *_limits(builder, 2, 3)])]
    z += [_mean_of(builder, z[0], region[:_CONTOUR]) for region in regions[1:]]
    sources = _sources(regions), np.append(np.arange(_MESH), np.repeat((_MESH, _MESH + 1), _IRIS))
    chosen = [
        builder.node("Gather", [builder.node("Concat", values, axis=1), builder.constant(source)], axis=1)
        for values, source in zip((xy, z), sources, strict=True)
    ]
    builder.node("Concat", chosen, output, axis=2)
    return _MESH + 2 * _IRIS, 3


def _region(graph: Graph, part: int) -> list[int]:
    """The landmarks that place the region in which `part` was found."""
    origin = {output: operator for operator in graph.operators for output in operator.outputs}
    transform = origin[origin[part].inputs[0]]
    scaled = origin[transform.inputs[1]]
    return origin[scaled.inputs[0]].options["subset_idxs"]


def _sources(regions: list[list[int]]) -> Array:
    """Where each landmark's x and y stand behind one another: mesh, regions, irises. Shape (478,)."""
    closer = np.concatenate([np.array(region) for region in regions])
    sources = np.arange(_MESH + 2 * _IRIS)
    sources[closer] = _MESH + np.arange(len(closer))
    sources[_MESH:] += len(closer)
    return sources


def _points(builder: Builder, index: int, dimensions: int) -> str:
    shape = builder.constant(np.array((-1, builder.shape(index)[-1] // dimensions, dimensions), np.int64))
    return builder.node("Reshape", [builder.name(index), shape])


def _limits(builder: Builder, begin: int, end: int) -> list[str]:
    return [builder.constant(np.array([limit], np.int64)) for limit in (begin, end, 2)]


def _mean_of(builder: Builder, z: str, landmarks: list[int]) -> str:
    chosen = builder.node("Gather", [z, builder.constant(np.array(landmarks, np.int64))], axis=1)
    return builder.node("ReduceMean", [chosen], axes=(1,))
