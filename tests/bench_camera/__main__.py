"""What a camera costs and how late its frames are.

    .venv/bin/python tests/bench_camera VIDEO [--seconds 20] [--streams]

VIDEO is played as a camera, looped, and every frame is fetched at once. `--streams` measures streams on
loopback besides, from before a picture is encoded until it was read, through PyAV and through OpenCV.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models" / "camera"))
SETTLING = 3.0
"""Seconds that do not count: a stream gives what had piled up while it was looked at."""
LOW_DELAY = "fflags;nobuffer|flags;low_delay|probesize;500000|analyzeduration;1000000|max_delay;100000"


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(prog="bench_camera")
    words.add_argument("video", type=Path)
    words.add_argument("--seconds", type=float, default=20.0, metavar="N", help="of each (default: 20)")
    words.add_argument("--streams", action="store_true", help="measure streams, too")
    options = words.parse_args()
    print(played(options.video, options.seconds))
    if options.streams:
        print("stream, from before encoding until read   ms: p50    p95")
        for kind in ("http", "udp", "rtsp"):
            for way in ("PyAV", "OpenCV", "OpenCV, low delay"):
                print(streamed(kind, way, options.seconds), flush=True)


def played(video: Path, seconds: float) -> str:
    """A line: the processor's time for a frame, and the time from when it is due until it is fetched."""
    from blazerig.models.camera.opening import open_camera

    camera = open_camera(str(video), loop=True)
    late: list[float] = []
    index = -1
    end, used = time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < end:
        frame = camera.newest(index, 1.0)
        if frame is not None:
            late.append(time.perf_counter() - frame.time)
            index = frame.index
    used = time.process_time() - used
    camera.close()
    p50, p95 = 1e3 * np.percentile(late, (50, 95))
    width, height = camera.size
    return (
        f"{camera.name}, {width}x{height}: {len(late)} frames, {index + 1 - len(late)} missed; "
        f"{1e3 * used / len(late):.1f} ms of processor a frame, decoding and all; "
        f"fetched {p50:.2f} ms after its time, p95 {p95:.2f}"
    )


def streamed(kind: str, way: str, seconds: float) -> str:
    """A line: from before a picture is encoded until it was read."""
    import servers

    if kind == "http":
        server = servers.Mjpeg()
        url, sent = server.url, lambda: server.sent
    elif kind == "udp":
        url = f"udp://127.0.0.1:{servers.free_port()}"
        server = servers.Sender(url)
        sent = lambda: server.sent  # noqa: E731
    else:
        server = servers.Rtsp()
        url, sent = server.url, lambda: server.sender.sent
    read, close = reader(url, way)
    late: list[float] = []
    begin = time.perf_counter() + SETTLING
    while (now := time.perf_counter()) < begin + seconds:
        number = servers.number_in(read())
        if now > begin:
            late.append(time.perf_counter() - sent()[number])
    close()
    server.close()
    p50, p95 = 1e3 * np.percentile(late, (50, 95))
    return f"  {kind:5} {way:36} {p50:6.1f} {p95:6.1f}"


def reader(url: str, way: str) -> tuple[Callable[[], np.ndarray], Callable[[], None]]:
    """How to read the next picture, and how to hang up."""
    if way == "PyAV":
        from blazerig.models.camera.stream import Stream

        stream = Stream(url)
        return lambda: stream.read().picture, stream.close
    import cv2

    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = LOW_DELAY if "low delay" in way else ""
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    return lambda: capture.read()[1], capture.release


if __name__ == "__main__":
    main()
