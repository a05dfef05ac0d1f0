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
        joined: Those of the kept outputs, by their names in ONNX, that become one, `landmarks`
            (`refinement.py`).
    """

    name: str
    member: str
    sha256: str
    value_range: tuple[float, float]
    outputs: dict[str, str]
    joined: tuple[str, ...] = ()


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
        "pose_matte",
        "pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        (0.0, 1.0),
        {"Identity_2": "logits"},
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
    Net(
        "hand_landmarks_lite",
        "hand_landmark/hand_landmark_lite.tflite",
        "048edd3645c9bf7397d19a9f6e3a42957d6e414c9bea6598030a2e9b624156e6",
        (0.0, 1.0),
        {"Identity": "landmarks", "Identity_1": "presence", "Identity_3": "world"},
    ),
    Net(
        "face_detector",
        "face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        (-1.0, 1.0),
        {"regressors": "boxes", "classificators": "scores"},
    ),
    Net(
        "face_landmarks",
        "face_landmark/face_landmark.tflite",
        "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        (0.0, 1.0),
        {"conv2d_21": "landmarks", "conv2d_31": "presence_logit"},
    ),
    Net(
        "face_landmarks_attention",
        "face_landmark/face_landmark_with_attention.tflite",
        "e06a804e0144f9929eda782122916b35d60c697c3c9344013ca2bbe76a6ce2b4",
        (0.0, 1.0),
        {
            "output_mesh_identity": "mesh",
            "output_lips": "lips",
            "output_left_eye": "left_eye",
            "output_right_eye": "right_eye",
            "output_left_iris": "left_iris",
            "output_right_iris": "right_iris",
            "conv_faceflag": "presence_logit",
        },
        joined=("mesh", "lips", "left_eye", "right_eye", "left_iris", "right_iris"),
    ),
    Net(
        "selfie_matte",
        "selfie_segmentation/selfie_segmentation.tflite",
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
        (0.0, 1.0),
        {"activation_10": "matte"},
    ),
    Net(
        "selfie_matte_landscape",
        "selfie_segmentation/selfie_segmentation_landscape.tflite",
        "a77d03f4659b9f6b6c1f5106947bf40e99d7655094b6527f214ea7d451106edd",
        (0.0, 1.0),
        {"segment_back": "matte"},
    ),
)
