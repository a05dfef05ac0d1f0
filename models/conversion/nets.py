"""Which nets are converted, and what the wheel calls them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Net:
    """One net of the wheel.

    Attributes:
        name: Name of the ONNX file, without its ending.
        member: Path in the wheel, below `mediapipe/modules`.
        sha256: Of that file.
        value_range: What the darkest and the brightest pixel value become (holistic.md, table of models).
        outputs: The outputs that are kept, by the name in the file; values are their names in ONNX.
            All that only the other outputs need is pruned.
    """

    name: str
    member: str
    sha256: str
    value_range: tuple[float, float]
    outputs: dict[str, str]


NETS = (
    Net(
        "pose_detector",
        "pose_detection/pose_detection.tflite",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        (-1.0, 1.0),
        {"Identity": "boxes", "Identity_1": "scores"},
    ),
    Net(
        "pose_landmarks",
        "pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        (0.0, 1.0),
        {
            "Identity": "landmarks",
            "Identity_1": "presence",
            "Identity_3": "heatmaps",
            "Identity_4": "world",
        },
    ),
    Net(
        "hand_recrop",
        "holistic_landmark/hand_recrop.tflite",
        "67d996ce96f9d36fe17d2693022c6da93168026ab2f028f9e2365398d8ac7d5d",
        (0.0, 1.0),
        {"output_crop": "points"},
    ),
    Net(
        "hand_landmarks",
        "hand_landmark/hand_landmark_full.tflite",
        "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
        (0.0, 1.0),
        {"Identity": "landmarks", "Identity_1": "presence", "Identity_3": "world"},
    ),
)
