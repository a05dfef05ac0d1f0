"""How fast MediaPipe's own Holistic (0.10.21, complexity 1, face refined, smoothed, no matte) is.

Runs in the reference's environment, which has no BlazeRig. It says that it is ready; then each line of
standard input is VIDEO<tab>END, and each answer a line with the frames and the seconds they took: decoding by
OpenCV, conversion to RGB and the graph, whose start (its first picture) is left out. END is in seconds of the
footage, or empty.
"""

import sys
import time

import cv2
import mediapipe as mp


def main():
    print("ready", flush=True)
    for line in sys.stdin:
        video, end = line.rstrip("\n").split("\t")
        print(*speed(video, float(end) if end else float("inf")), flush=True)


def speed(video, end):
    with mp.solutions.holistic.Holistic(model_complexity=1, refine_face_landmarks=True) as holistic:
        holistic.process(next(pictures(video, end)))
        start = time.perf_counter()
        frames = 0
        for picture in pictures(video, end):
            holistic.process(picture)
            frames += 1
        return frames, time.perf_counter() - start


def pictures(video, end):
    capture = cv2.VideoCapture(video)
    decoded, picture = capture.read()
    while decoded and capture.get(cv2.CAP_PROP_POS_MSEC) < 1000.0 * end:
        yield cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        decoded, picture = capture.read()


if __name__ == "__main__":
    main()
