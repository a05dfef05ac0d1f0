import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import av.logging
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.microphone import listing
from blazerig.models.microphone.microphone import Microphone
from blazerig.models.microphone.pace import Pace
from blazerig.models.microphone.wav import Wav
from blazerig.models.said import said_while

RATE = 48000


def tone(seconds: float, channels: int = 1) -> np.ndarray:
    times = np.arange(round(seconds * RATE)) / RATE
    return np.repeat((8000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16)[:, None], channels, axis=1)


def read(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (RATE, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    wav = Wav(path, RATE, 2)
    wav.add(tone(5.0, channels=2))
    wav.close()
    return path


def test_a_wav_is_whole_after_every_block(tmp_path: Path) -> None:
    wav = Wav(tmp_path / "a.wav", RATE, 1)
    assert len(read(tmp_path / "a.wav")) == 0
    samples = tone(0.1)
    for number in range(3):
        wav.add(samples)
        np.testing.assert_array_equal(read(tmp_path / "a.wav"), np.concatenate([samples] * (number + 1)))


def test_a_wav_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(BlazeRigError, match="choose another place"):
        Wav(tmp_path / "no folder" / "a.wav", RATE, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_full_disk_says_so() -> None:
    with pytest.raises(BlazeRigError, match="cannot write /dev/full: No space left on device"):
        Wav(Path("/dev/full"), RATE, 1)


def test_the_beginning_is_known_to_milliseconds_though_blocks_come_late() -> None:
    random = np.random.default_rng(3)
    pace, began, block = Pace(RATE), 100.0, 960
    for number in range(1, 500):
        arrived = began + number * block / RATE + random.exponential(0.01)
        assert pace(arrived, block) == 0
    assert pace.began == pytest.approx(began, abs=2e-3)


def test_a_hole_in_the_sound_is_filled_once_and_to_its_length() -> None:
    pace, block, lost, hole = Pace(RATE), 960, [], 0.0
    for number in range(1, 400):
        hole = 0.5 if number > 200 else 0.0
        lost.append(pace(number * block / RATE + hole, block))
    assert sum(lost) == pytest.approx(0.5 * RATE, abs=50)
    assert sum(count > 0 for count in lost) == 1


def test_a_block_that_comes_late_is_no_hole() -> None:
    pace = Pace(RATE)
    assert not any(pace(number * 0.02 + (0.4 if number == 200 else 0.0), 960) for number in range(1, 400))


def test_sound_is_recorded_with_the_time_of_its_first_sample(sound: Path, tmp_path: Path) -> None:
    before = time.perf_counter()
    microphone = Microphone(str(sound), tmp_path / "take.wav")
    time.sleep(0.5)
    microphone.close()
    seconds = time.perf_counter() - microphone.began
    assert before - 0.01 <= microphone.began <= before + 0.3
    recorded = read(tmp_path / "take.wav")
    assert len(recorded) / RATE == pytest.approx(seconds, abs=0.1)
    np.testing.assert_array_equal(recorded, tone(5.0, channels=2)[: len(recorded)])
    assert microphone.problem == ""


def test_a_killed_process_leaves_what_it_recorded(sound: Path, tmp_path: Path) -> None:
    out = tmp_path / "take.wav"
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        "from blazerig.models.microphone.microphone import Microphone\n"
        "Microphone(sys.argv[1], Path(sys.argv[2]))\nprint('on', flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, sound, out], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGTERM)
    recorded = read(out)
    assert len(recorded) > 0.2 * RATE
    np.testing.assert_array_equal(recorded, tone(5.0, channels=2)[: len(recorded)])


def test_what_cannot_be_recorded_is_explained(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, person: Path
) -> None:
    with pytest.raises(BlazeRigError, match="choose another place"):
        Microphone(str(sound), tmp_path / "no folder" / "take.wav")
    with pytest.raises(BlazeRigError, match="has no sound; choose a microphone"):
        Microphone(str(person), tmp_path / "take.wav")
    module = "blazerig.models.microphone.microphone"
    monkeypatch.setattr(f"{module}.list_microphones", tuple)
    with pytest.raises(BlazeRigError, match="there is no microphone; plug one in"):
        Microphone("", tmp_path / "take.wav")
    there = (listing.Listed("plughw:63,0", "USB Headset"),)
    monkeypatch.setattr(f"{module}.list_microphones", lambda: there)
    with pytest.raises(BlazeRigError, match="no microphone 'Yeti'; there is: USB Headset"):
        Microphone("Yeti", tmp_path / "take.wav")
    with pytest.raises(BlazeRigError, match="USB Headset cannot be opened"):
        Microphone("USB Headset", tmp_path / "take.wav")
    assert not (tmp_path / "take.wav").exists()


def test_linux_lists_what_records(tmp_path: Path) -> None:
    (tmp_path / "cards").write_text(
        " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n"
        "                      HDA Intel PCH at 0x6043188000 irq 170\n"
        " 1 [Yeti           ]: USB-Audio - Blue Yeti\n"
        "                      Blue Yeti at usb-0000:00:14.0-2, full speed\n"
    )
    (tmp_path / "pcm").write_text(
        "00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1\n"
        "00-03: HDMI 0 : HDMI 0 : playback 1\n"
        "01-00: USB Audio : USB Audio : playback 1 : capture 1\n"
    )
    assert [(one.source, one.name) for one in listing.linux(tmp_path)] == [
        ("plughw:0,0", "HDA Intel PCH ALC257 Analog"),
        ("plughw:1,0", "Blue Yeti USB Audio"),
    ]
    assert listing.linux(tmp_path / "none") == ()


def test_macos_lists_what_avfoundation_calls_audio() -> None:
    answer = (
        "AVFoundation video devices:\n[0] FaceTime HD Camera\n[1] Capture screen 0\n"
        "AVFoundation audio devices:\n[0] MacBook Pro Microphone\n[1] Blue Yeti\n"
    )
    assert [(one.source, one.name) for one in listing.macos(answer)] == [
        (":0", "MacBook Pro Microphone"),
        (":1", "Blue Yeti"),
    ]
    assert listing.macos("") == ()


def test_every_system_can_be_asked_here() -> None:
    for platform in ("linux", "darwin", "win32", "haiku"):
        assert isinstance(listing.list_microphones(platform), tuple)


def test_what_ffmpeg_says_is_heard_piece_by_piece() -> None:
    def ask() -> None:
        for piece in ('"Webcam"', " (video", ")", "\n"):
            av.logging.log(av.logging.INFO, "dshow", piece)

    assert said_while(ask) == '"Webcam" (video)\n'
    assert av.logging.get_level() is None
