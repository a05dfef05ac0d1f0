"""The mattes that MediaPipe (0.10.21) sees in pictures.

Runs in the reference's environment, which has no BlazeRig:
    .venv-reference/bin/python tests/reference/mattes.py OUT.npz FILE ... [--video N]

FILEs are stills, or with --video one video, of which the first N frames are taken. Arrays for the picture of
number K, (H, W) in steps of 1/65535; empty where there is nobody:
    pose_K                      of a still, of Pose with segmentation, complexity 1
    selfie_0_K, selfie_1_K      of a still, of SelfieSegmentation, the general and the landscape model
    plain_K, smooth_K           of a frame, of the graph of Pose without and with its smoothing over time

The legacy API loses the ratio of that smoothing, as it loses the size of the heat-map kernel: so the graph
itself is run.
"""

import argparse
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.python import packet_creator, packet_getter
from mediapipe.python._framework_bindings import resource_util

GRAPH = "mediapipe/modules/pose_landmark/pose_landmark_cpu.binarypb"
STEP = 33_333
"""Microseconds between two frames."""


def main():
    parser = argparse.ArgumentParser(description="MediaPipe's mattes of stills or of a video")
    parser.add_argument("out")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--video", type=int, metavar="N", help="the one FILE is a video: its first N frames")
    options = parser.parse_args()
    if options.video:
        pictures = frames(options.files[0], options.video)
        arrays = {**graph_mattes(pictures, smooth=False), **graph_mattes(pictures, smooth=True)}
    else:
        pictures = [rgb(cv2.imread(path, cv2.IMREAD_COLOR)) for path in options.files]
        arrays = {**pose_mattes(pictures), **selfie_mattes(pictures, 0), **selfie_mattes(pictures, 1)}
    np.savez(options.out, **arrays)


def frames(path, count):
    capture = cv2.VideoCapture(path)
    return [rgb(capture.read()[1]) for _ in range(count)]


def pose_mattes(pictures):
    with mp.solutions.pose.Pose(static_image_mode=True, model_complexity=1, enable_segmentation=True) as pose:
        masks = [pose.process(picture).segmentation_mask for picture in pictures]
    return {f"pose_{number}": steps(mask) for number, mask in enumerate(masks)}


def selfie_mattes(pictures, model):
    with mp.solutions.selfie_segmentation.SelfieSegmentation(model_selection=model) as selfie:
        masks = [selfie.process(picture).segmentation_mask for picture in pictures]
    return {f"selfie_{model}_{number}": steps(mask) for number, mask in enumerate(masks)}


def graph_mattes(pictures, *, smooth):
    root = Path(mp.__file__).parents[1]
    resource_util.set_resource_dir(str(root))
    graph = mp.CalculatorGraph(binary_graph_path=str(root / GRAPH))
    masks = {}

    def keep(_, packet):
        image = packet_getter.get_image_frame(packet)
        masks[packet.timestamp.value // STEP] = image.numpy_view().reshape(image.height, image.width).copy()

    graph.observe_output_stream("segmentation_mask", keep)
    flags = {"smooth_landmarks": True, "enable_segmentation": True, "use_prev_landmarks": True}
    flags["smooth_segmentation"] = smooth
    sides = {name: packet_creator.create_bool(value) for name, value in flags.items()}
    graph.start_run({"model_complexity": packet_creator.create_int(1), **sides})
    for number, picture in enumerate(pictures):
        image = packet_creator.create_image_frame(image_format=mp.ImageFormat.SRGB, data=picture)
        graph.add_packet_to_input_stream("image", image.at(number * STEP))
    graph.close_all_packet_sources()
    graph.wait_until_done()
    name = "smooth" if smooth else "plain"
    return {f"{name}_{number}": steps(masks.get(number)) for number in range(len(pictures))}


def rgb(picture):
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def steps(mask):
    return np.zeros((0, 0), np.uint16) if mask is None else np.round(mask * 65535).astype(np.uint16)


if __name__ == "__main__":
    main()
