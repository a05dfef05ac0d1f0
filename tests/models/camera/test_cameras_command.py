import argparse
import json

import pytest
from blazerig.cli import cameras
from blazerig.models.camera.listed import Listed, Mode
from blazerig.models.microphone.listing import Listed as Sound

MODES = (Mode((1280, 720), 10.0, False), Mode((1280, 720), 60.0, True), Mode((640, 480), 0.0, False))


@pytest.fixture
def _plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (Listed("0", "HD Webcam", MODES), Listed("12", "Loopback"))
    monkeypatch.setattr("blazerig.models.camera.listing.list_cameras", lambda: found)
    sounds = (Sound("plughw:0,0", "Yeti"),)
    monkeypatch.setattr("blazerig.models.microphone.listing.list_microphones", lambda: sounds)


def said(capsys: pytest.CaptureFixture[str], *, json: bool = False) -> str:
    assert cameras.run(argparse.Namespace(json=json)) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("_plugged_in")
def test_cameras_and_microphones_are_listed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys).splitlines() == [
        "cameras",
        "   0  HD Webcam: 1280x720 at 60/s, 640x480",
        "  12  Loopback",
        "microphones",
        "  plughw:0,0  Yeti",
    ]


@pytest.mark.usefixtures("_plugged_in")
def test_they_are_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, json=True))
    first, second = told["cameras"]
    assert (first["source"], first["name"]) == ("0", "HD Webcam")
    assert first["modes"] == "1280x720 at 60/s, 640x480"
    assert first["sizes"][1] == {"size": [1280, 720], "rate": 60.0, "mjpg": True}
    assert (second["modes"], second["sizes"]) == ("", [])
    assert told["microphones"] == [{"source": "plughw:0,0", "name": "Yeti"}]
    assert told["problem"] == ""


def test_where_there_is_none_that_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blazerig.models.camera.listing.list_cameras", tuple)
    monkeypatch.setattr("blazerig.models.microphone.listing.list_microphones", tuple)
    monkeypatch.setattr("blazerig.models.permission.refusal", lambda _: "allow it")
    assert said(capsys).splitlines() == ["cameras: none", "microphones: none", "problem: allow it"]
