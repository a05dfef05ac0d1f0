import errno
import socket
import time
from collections.abc import Callable

import av.error
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.camera.camera import Camera
from blazerig.models.camera.lag import Lag
from blazerig.models.camera.opening import open_camera
from blazerig.models.camera.running import Running
from blazerig.models.camera.stream import Stream, _reason, stream_name

from . import servers
from .feeds import until


def delays(camera: Camera, sent: Callable[[], dict[int, float]], count: int) -> list[float]:
    """From sending to fetching, of so many frames after those that had piled up at the start, s."""
    found: list[float] = []
    index = -1
    for number in range(count + 30):
        frame = camera.newest(index, 5.0)
        assert frame is not None
        index = frame.index
        if number >= 30:
            found.append(time.perf_counter() - sent()[servers.number_in(frame.picture)])
    return found


def test_pictures_over_http_come_at_once() -> None:
    with servers.closing(servers.Mjpeg()) as server:
        camera = open_camera(server.url)
        assert (camera.name, camera.size) == (server.url, servers.SIZE)
        assert np.median(delays(camera, lambda: server.sent, 20)) < 0.03
        assert camera.condition().state == "running"
        camera.close()


def test_pictures_over_udp_come_within_three_frames() -> None:
    url = f"udp://127.0.0.1:{servers.free_port()}"
    with servers.closing(servers.Sender(url)) as sender:
        camera = open_camera(url)
        assert np.median(delays(camera, lambda: sender.sent, 20)) < 3.5 / servers.RATE
        camera.close()


def test_pictures_over_rtsp_come_though_the_camera_knows_no_tcp() -> None:
    with servers.closing(servers.Rtsp()) as server:
        camera = open_camera(server.url)
        assert "secret" not in camera.name
        assert np.median(delays(camera, lambda: server.sender.sent, 10)) < 0.4
        camera.close()


def test_a_stream_that_stands_still_is_stalled_and_comes_back() -> None:
    with servers.closing(servers.Mjpeg()) as server:
        camera = Running("stream", lambda: Stream(server.url, reading=0.3), retry=0.05)
        server.flowing.clear()
        assert until(lambda: camera.condition().state == "stalled")
        assert "stands still; it is opened anew" in camera.condition().message
        last = camera.newest(-1, 0.0)
        server.flowing.set()
        assert last is not None
        assert camera.newest(last.index, 5.0) is not None
        assert until(lambda: camera.condition().state == "running")
        camera.close()


def test_a_stream_that_breaks_off_is_lost_and_comes_back() -> None:
    server = servers.Mjpeg()
    camera = Running("stream", lambda: Stream(server.url), retry=0.05)
    server.close()
    assert until(lambda: camera.condition().state == "lost")
    last = camera.newest(-1, 0.0)
    assert last is not None
    with servers.closing(servers.Mjpeg(server.port)):
        assert camera.newest(last.index, 5.0) is not None
        camera.close()


def test_a_host_that_does_not_answer_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.perf_counter()
        with pytest.raises(BlazeRigError, match="nothing comes; see that the camera is on"):
            Stream(f"http://127.0.0.1:{silent.getsockname()[1]}/video", opening=0.3)
        assert time.perf_counter() - began < 2.0
    with pytest.raises(BlazeRigError, match="nothing comes"):
        Stream(f"udp://127.0.0.1:{servers.free_port()}", opening=0.3)


@pytest.mark.parametrize(
    ("page", "expected"),
    [("nothing", "its host knows no such page"), ("secret", "it wants a name and a password")],
)
def test_what_a_host_refuses_is_explained(page: str, expected: str) -> None:
    with (
        servers.closing(servers.Mjpeg()) as server,
        pytest.raises(BlazeRigError, match=expected),
    ):
        open_camera(f"http://127.0.0.1:{server.port}/{page}")


def test_a_port_where_nothing_listens_is_explained() -> None:
    port = servers.free_port()
    with pytest.raises(
        BlazeRigError, match=f"http://127.0.0.1:{port}/video cannot be opened: its host is there"
    ):
        open_camera(f"http://me:secret@127.0.0.1:{port}/video")


def test_a_host_that_is_not_found_is_explained() -> None:
    assert _reason(av.error.OSError(errno.EIO, "Input/output error")).startswith("its host is not found")
    assert _reason(av.error.OSError(errno.ENETUNREACH, "No network")) == "No network; check the address"


def test_a_name_holds_no_secrets() -> None:
    assert stream_name("rtsp://me:se@cret@10.0.0.2:554/live?token=1") == "rtsp://10.0.0.2:554/live"


def test_frames_are_skipped_where_reading_never_waits_and_the_stream_is_given_up_at_last() -> None:
    lag, shown, moment = Lag(), 0, 0.0
    while not (behind := lag(moment, 0.0001)).hopeless:
        shown += not behind.skipped
        moment += 0.02
    assert 9.9 < moment < 10.2
    assert 50 + 30 < shown < 50 + 50


def test_whoever_keeps_up_skips_nothing_whatever_the_pace() -> None:
    lag = Lag()
    assert not any(lag(number / 30, 0.02 if number % 10 == 0 else 0.0).skipped for number in range(300))
