import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.footage import moving
from blazerig.models.footage.clock import Clock
from blazerig.models.video import Video

Make = Callable[..., Path]
EVEN = [step / 30 for step in range(20)]


def times_of(path: Path) -> list[float]:
    with Video(path) as video:
        return [frame.time for frame in video.frames()]


def test_the_times_are_those_of_the_file_also_where_the_rate_varies(
    noise: list[np.ndarray], make_video: Make
) -> None:
    times = [0.0, 0.04, 0.05, 0.2, 0.21, 0.7]
    assert times_of(make_video(noise[:6], times)) == pytest.approx(times, abs=1e-3)


def test_the_first_frame_is_at_zero_wherever_the_file_begins(
    noise: list[np.ndarray], make_video: Make
) -> None:
    assert times_of(make_video(noise[:3], [1.5, 1.6, 1.8], "late.mkv")) == pytest.approx(
        [0.0, 0.1, 0.3], abs=2e-3
    )


def test_pictures_come_in_their_order_and_unharmed(noise: list[np.ndarray], make_video: Make) -> None:
    flat = [np.full_like(noise[0], 10 * step) for step in range(20)]
    with Video(make_video(flat, [step / 30 for step in range(20)])) as video:
        levels = [frame.picture.mean() for frame in video.frames()]
        assert video.size == (160, 120)
        assert video.announced == 20
    assert levels == pytest.approx([10 * step for step in range(20)], abs=4.5)


@pytest.mark.parametrize(
    "stamps", [[0, 0, 0, 0], [5, 4, 5, 3], [np.nan, np.nan, 0, np.inf], [7, 7.5, 7.5, 9]]
)
def test_bad_stamps_still_give_times_that_increase_from_zero(stamps: list[float]) -> None:
    clock = Clock(25.0)
    times = [clock(stamp) for stamp in stamps]
    assert times[0] == 0.0
    assert all(np.diff(times) > 0.0)
    assert np.isfinite(times).all()


def test_good_stamps_are_left_alone() -> None:
    clock = Clock(25.0)
    assert [clock(stamp) for stamp in (3.0, 3.5, 3.6)] == pytest.approx([0.0, 0.5, 0.6])


@pytest.mark.parametrize("ahead", [1, 4])
def test_so_many_frames_are_decoded_ahead_and_no_more(
    ahead: int, noise: list[np.ndarray], make_video: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, convert = [], moving.Converter.__call__
    monkeypatch.setattr(
        moving.Converter, "__call__", lambda self, frame: made.append(frame) or convert(self, frame)
    )
    with Video(make_video(noise, EVEN)) as video:
        frames = video.frames(ahead=ahead)
        for seen in (1, 2, 3):
            next(frames)
            deadline = time.monotonic() + 5.0
            while len(made) < seen + ahead and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(0.05)
            assert len(made) == seen + ahead


def test_a_reading_that_is_broken_off_lets_go_of_the_file(noise: list[np.ndarray], make_video: Make) -> None:
    with Video(make_video(noise, EVEN)) as video:
        frames = video.frames(ahead=3)
        next(frames)
        assert any(thread.name.startswith("ThreadPoolExecutor") for thread in threading.enumerate())
    assert not any(thread.name.startswith("ThreadPoolExecutor") for thread in threading.enumerate())
    assert list(frames) == []


def packets(path: Path) -> list[tuple[int, int]]:
    """Where the encoded frames of a file begin, and their sizes."""
    with av.open(str(path)) as file:
        return [(packet.pos, packet.size) for packet in file.demux(video=0) if packet.size]


WHOLE = [("mpeg4", "yuv420p", "mp4"), ("mjpeg", "yuvj420p", "mov"), ("prores_ks", "yuv422p10le", "mov")]


@pytest.mark.parametrize(("codec", "pix_fmt", "ending"), WHOLE)
@pytest.mark.parametrize("cut", [0.4, 0.8])
def test_a_video_cut_short_gives_all_frames_that_are_left_and_a_warning(
    codec: str, pix_fmt: str, ending: str, cut: float, noise: list[np.ndarray], make_video: Make
) -> None:
    path = make_video(noise, EVEN, f"cut.{ending}", codec=codec, pix_fmt=pix_fmt)
    length = int(path.stat().st_size * cut)
    left = sum(1 for begin, size in packets(path) if begin + size <= length)
    path.write_bytes(path.read_bytes()[:length])
    with Video(path) as video:
        assert video.announced == 20
        frames = list(video.frames())
    assert left <= len(frames) <= left + 1
    assert [frame.time for frame in frames] == pytest.approx(EVEN[: len(frames)], abs=2e-3)
    assert video.warnings == (
        f"cut.{ending} announces 20 frames, {len(frames)} could be decoded: it may be cut short",
    )


@pytest.mark.parametrize("start", [None, 0.3])
def test_frames_that_are_damaged_are_left_out_counted_and_the_others_keep_their_times(
    start: float | None, noise: list[np.ndarray], make_video: Make
) -> None:
    path = make_video(noise, EVEN, "hit.mov", codec="prores_ks", pix_fmt="yuv422p10le")
    data, broken = bytearray(path.read_bytes()), (12, 13, 17)
    for number in broken:
        begin, size = packets(path)[number]
        data[begin : begin + size] = bytes(size)
    path.write_bytes(data)
    with Video(path, start=start) as video:
        frames = list(video.frames())
    left = [step for step in range(9 if start else 0, 20) if step not in broken]
    assert [frame.time for frame in frames] == pytest.approx([step / 30 for step in left], abs=2e-3)
    assert [frame.index for frame in frames] == list(range(len(left)))
    assert video.warnings == ("hit.mov: 3 frames could not be decoded and had to be left out",)


@pytest.mark.parametrize(("name", "sound"), [("song.mp4", 3.0), ("song.mkv", 0.68)])
def test_sound_that_goes_on_after_the_last_frame_is_no_loss(
    name: str, sound: float, noise: list[np.ndarray], make_video: Make, tmp_path: Path
) -> None:
    silent = make_video(noise, EVEN, f"silent{name[-4:]}")
    with av.open(str(silent)) as source, av.open(str(tmp_path / name), "w") as target:
        pictures = target.add_stream_from_template(source.streams.video[0])
        voice = target.add_stream("aac", rate=48000)
        hush = av.AudioFrame.from_ndarray(
            np.zeros((2, int(48000 * sound)), np.float32), format="fltp", layout="stereo"
        )
        hush.sample_rate = 48000
        target.mux(voice.encode(hush))
        target.mux(voice.encode())
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = pictures
                target.mux(packet)
    with Video(tmp_path / name) as video:
        assert len(list(video.frames())) == 20
    assert video.warnings == ()


def test_a_last_frame_that_stays_for_long_is_no_loss(noise: list[np.ndarray], make_video: Make) -> None:
    with Video(make_video(noise, [*EVEN[:-1], 5.0])) as video:
        assert len(list(video.frames())) == 20
    assert video.warnings == ()


def _text(path: Path) -> None:
    path.write_text("this is no video\n" * 500)


def _empty(path: Path) -> None:
    path.touch()


def _missing(path: Path) -> None:
    assert not path.exists()


def _header_alone(path: Path) -> None:
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")


def refused(path: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """What is said of `path`: one line that names it, and nothing beside."""
    with pytest.raises(BlazeRigError, match=re.escape(path.name)) as raised:
        Video(path)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", "")
    return str(raised.value)


@pytest.mark.parametrize("name", ["bad.mp4", "bad.mov", "bad.gif", "bad.png", "bad.jpg", "bad.txt", "bad"])
@pytest.mark.parametrize("make", [_text, _empty, _header_alone, Path.mkdir, _missing])
def test_what_is_no_footage_is_refused_in_one_quiet_line(
    make: Callable[[Path], None], name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / name)
    refused(tmp_path / name, capfd)


def write_sound(path: Path) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_s16le" if path.suffix == ".wav" else "libmp3lame", rate=44100)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.int16), format="s16", layout="mono")
        silence.sample_rate = 44100
        file.mux(stream.encode(silence))
        file.mux(stream.encode())


def test_sound_alone_is_no_footage(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_sound(tmp_path / "sound.wav")
    assert "holds no moving pictures" in refused(tmp_path / "sound.wav", capfd)


def test_the_cover_of_music_is_no_footage(
    noise: list[np.ndarray], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    song = tmp_path / "song.mp3"
    write_sound(song)
    cover = b"\0image/png\0\x03\0" + cv2.imencode(".png", noise[0])[1].tobytes()
    frame = b"APIC" + struct.pack(">IH", len(cover), 0) + cover
    length = bytes(len(frame) >> shift & 127 for shift in (21, 14, 7, 0))
    song.write_bytes(b"ID3\x03\0\0" + length + frame + song.read_bytes())
    assert "holds no moving pictures" in refused(song, capfd)


def test_a_codec_that_nobody_knows_is_named_as_the_reason(
    noise: list[np.ndarray], make_video: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    path = make_video(noise[:2], EVEN[:2], "strange.mov", codec="mjpeg", pix_fmt="yuvj420p")
    path.write_bytes(path.read_bytes().replace(b"jpeg", b"zzzz"))
    assert "codec" in refused(path, capfd)


def test_a_playlist_reaches_nothing_outside(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/part.ts"
        playlist = tmp_path / "list.m3u8"
        playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{address}\n#EXT-X-ENDLIST\n")
        refused(playlist, capfd)
        with pytest.raises(TimeoutError):
            server.accept()


def test_streams_that_begin_in_mid_file_do_not_end_in_an_error() -> None:
    class Container:
        def demux(self, _: object) -> Iterator[int]:
            yield from (1, 2)
            raise IndexError("list index out of range")

    assert list(moving._packets(cast(Any, Container()), cast(Any, None))) == [1, 2]
