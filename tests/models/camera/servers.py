"""Cameras on the network for tests: servers of this very process, on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import av
import cv2
import numpy as np

SIZE = (160, 120)
RATE = 25


def picture(number: int) -> np.ndarray:
    """A picture that holds its number: eight grey blocks, the bits of it."""
    shown = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    for bit in range(8):
        shown[:, bit * 20 : bit * 20 + 20] = 220 if number >> bit & 1 else 40
    return shown


def number_in(shown: np.ndarray) -> int:
    """The number that a picture holds."""
    columns = shown[30:90].mean(axis=(0, 2))
    return sum((columns[bit * 20 + 5 : bit * 20 + 15].mean() > 130) << bit for bit in range(8))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mjpeg:
    """An IP camera over HTTP; its stream can be held and broken off."""

    def __init__(self, port: int = 0) -> None:
        self.sent: dict[int, float] = {}
        self.flowing = threading.Event()
        self.flowing.set()
        self.ended = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera.answer(self)

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/video"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        if to.path != "/video":
            to.send_error({"/secret": 401}.get(to.path, 404))
            return
        to.send_response(200)
        to.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        to.end_headers()
        try:
            self._send(to)
        except OSError:
            return

    def _send(self, to: BaseHTTPRequestHandler) -> None:
        number = 0
        while not self.ended.wait(1.0 / RATE):
            if not self.flowing.is_set():
                continue
            jpeg = cv2.imencode(".jpg", picture(number % 256))[1].tobytes()
            self.sent[number % 256] = time.perf_counter()
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            to.wfile.write(head.encode() + jpeg + b"\r\n")
            number += 1

    def close(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


class Sender:
    """Sends MPEG-TS over UDP, or RTP, until it is closed."""

    def __init__(self, url: str, form: str = "mpegts", gop: int = 10) -> None:
        self.sent: dict[int, float] = {}
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._send, args=(url, form, gop), daemon=True)
        self._thread.start()

    def _send(self, url: str, form: str, gop: int) -> None:
        low = {"preset": "ultrafast", "tune": "zerolatency"}
        with av.open(url, "w", format=form, container_options={"flush_packets": "1"}) as out:
            stream = out.add_stream("libx264", rate=RATE, options=low)
            stream.width, stream.height = SIZE
            stream.pix_fmt = "yuv420p"
            stream.codec_context.gop_size = gop
            number = 0
            while not self.ended.wait(1.0 / RATE):
                frame = av.VideoFrame.from_ndarray(picture(number % 256), format="bgr24")
                frame.pts = number
                self.sent[number % 256] = time.perf_counter()
                out.mux(stream.encode(frame))
                number += 1

    def close(self) -> None:
        self.ended.set()
        self._thread.join()


class Rtsp:
    """The least that is an RTSP server: one client, MPEG-TS in RTP over UDP; it refuses RTP over TCP."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"rtsp://someone:secret@127.0.0.1:{self.port}/live"
        self.sender: Sender | None = None
        self._target = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with suppress(OSError), client, client.makefile("rb") as lines:
            while first := lines.readline().decode().split():
                heads = dict(self._heads(lines))
                client.sendall(self._answer(first[0], heads))

    @staticmethod
    def _heads(lines: Any) -> Generator[tuple[str, str], None, None]:
        while line := lines.readline().decode().strip():
            name, _, value = line.partition(":")
            yield name.lower(), value.strip()

    def _answer(self, verb: str, heads: dict[str, str]) -> bytes:
        status, more, body = "200 OK", "", ""
        if verb == "OPTIONS":
            more = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif verb == "DESCRIBE":
            lines = (
                "v=0",
                "o=- 0 0 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "m=video 0 RTP/AVP 33",
                "a=control:track",
            )
            body = "".join(f"{line}\r\n" for line in lines)
            more = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif verb == "SETUP" and "client_port=" not in heads["transport"]:
            status = "461 Unsupported Transport"
        elif verb == "SETUP":
            self._target = int(heads["transport"].split("client_port=")[1].split("-")[0])
            more = f"Session: 1\r\nTransport: {heads['transport'].split(',')[0]};server_port=5000-5001\r\n"
        elif verb == "PLAY":
            self.sender = Sender(f"rtp://127.0.0.1:{self._target}", "rtp_mpegts")
        return f"RTSP/1.0 {status}\r\nCSeq: {heads.get('cseq', 0)}\r\n{more}\r\n{body}".encode()

    def close(self) -> None:
        self._socket.close()
        if self.sender is not None:
            self.sender.close()


@contextmanager
def closing(server: Any) -> Generator[Any, None, None]:
    try:
        yield server
    finally:
        server.close()
