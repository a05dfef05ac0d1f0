"""What MediaPipe's own Holistic (0.10.21, legacy API, complexity 1) says of pictures.

Runs in the reference's environment, which has no BlazeRig:
    .venv-reference/bin/python tests/reference/holistic.py OUT.npz FILE ... [options]

FILEs are stills, or with --video one video, whose frames follow each other as MediaPipe's API has it: 1/30 s
apart whatever the footage says. Arrays, for N pictures, NaN where nothing was found:
    body_image (N, 33, 3) px        body_world (N, 33, 3) m     body_visibility (N, 33)
    left_hand_image, right_hand_image (N, 21, 3) px
    face_image (N, 468, 3) px, with --refine (N, 478, 3): from the face net with attention
and for stills the region that the detector gives to the pose net, of MediaPipe's Pose:
    body_roi (N, 5) px: x, y, width, height; radians
"""

import argparse
import itertools

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.python.solution_base import SolutionBase


def main():
    parser = argparse.ArgumentParser(description="MediaPipe Holistic on stills or on a video")
    parser.add_argument("out")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--video", action="store_true", help="the one FILE is a video")
    parser.add_argument("--smooth", action="store_true", help="with MediaPipe's landmark filters")
    parser.add_argument("--refine", action="store_true", help="the face with refined eyes, irises and lips")
    parser.add_argument(
        "--nudge", type=int, metavar="SEED", help="half the values of the first frame are 1 brighter"
    )
    parser.add_argument("--frames", type=int, help="of a video, only so many from its first one on")
    options = parser.parse_args()
    if options.video:
        pictures = itertools.islice(video(options.files[0], nudge=options.nudge), options.frames)
    else:
        pictures = map(still, options.files)
    with mp.solutions.holistic.Holistic(
        static_image_mode=not options.video,
        model_complexity=1,
        smooth_landmarks=options.smooth,
        refine_face_landmarks=options.refine,
    ) as holistic:
        seen = ((holistic.process(cv2.cvtColor(p, cv2.COLOR_BGR2RGB)), p.shape) for p in pictures)
        rows = [row(result, shape, 478 if options.refine else 468) for result, shape in seen]
    arrays = {name: np.stack([r[name] for r in rows]) for name in rows[0]}
    if not options.video:
        arrays["body_roi"] = np.stack([body_roi(still(path)) for path in options.files])
    np.savez_compressed(options.out, **arrays)


def still(path):
    return cv2.imread(path, cv2.IMREAD_COLOR)


def video(path, *, nudge):
    capture = cv2.VideoCapture(path)
    decoded, picture = capture.read()
    if nudge is not None:
        picture = cv2.add(picture, np.random.default_rng(nudge).integers(0, 2, picture.shape, np.uint8))
    while decoded:
        yield picture
        decoded, picture = capture.read()


def row(result, shape, face_points):
    height, width = shape[:2]
    scale = (width, height, width)
    body = points(result.pose_landmarks, 33)
    return {
        "body_image": body * scale,
        "body_world": points(result.pose_world_landmarks, 33),
        "body_visibility": visibility(result.pose_landmarks),
        "left_hand_image": points(result.left_hand_landmarks, 21) * scale,
        "right_hand_image": points(result.right_hand_landmarks, 21) * scale,
        "face_image": points(result.face_landmarks, face_points) * scale,
    }


def body_roi(picture):
    """The region of MediaPipe's Pose, which its Python API keeps to itself; holistic makes the same one."""
    height, width = picture.shape[:2]
    options = {"model_complexity": 1, "smooth_landmarks": False, "use_prev_landmarks": False}
    graph = SolutionBase(
        binary_graph_path="mediapipe/modules/pose_landmark/pose_landmark_cpu.binarypb",
        side_inputs={**options, "enable_segmentation": False, "smooth_segmentation": False},
        outputs=["pose_rect_from_detection"],
    )
    with graph:
        rect = graph.process({"image": cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)}).pose_rect_from_detection
    if rect is None:
        return np.full(5, np.nan)
    sides = rect.width * width, rect.height * height
    return np.array((rect.x_center * width, rect.y_center * height, *sides, rect.rotation))


def points(landmarks, count):
    if landmarks is None:
        return np.full((count, 3), np.nan)
    return np.array([(p.x, p.y, p.z) for p in landmarks.landmark])


def visibility(landmarks):
    if landmarks is None:
        return np.full(33, np.nan)
    return np.array([p.visibility for p in landmarks.landmark])


if __name__ == "__main__":
    main()
