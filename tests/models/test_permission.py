import pytest
from blazerig.models.permission import asked, macos_refusal, refusal, windows_refusal


@pytest.mark.parametrize(
    ("status", "starter", "expected"),
    [
        (3, "com.apple.Terminal", ""),
        (3, "org.blenderfoundation.blender", ""),
        (0, "com.apple.Terminal", ""),
        (None, "", ""),
        (2, "com.apple.Terminal", "System Settings > Privacy & Security > Camera"),
        (1, "", "ask whoever looks after it"),
        (0, "org.blenderfoundation.blender", "/Applications/Blender.app/Contents/MacOS/Blender"),
        (2, "org.blenderfoundation.blender", "unless it is started from the Terminal"),
    ],
)
def test_macos_permission_is_explained(status: int | None, starter: str, expected: str) -> None:
    said = macos_refusal("camera", status, starter)
    assert expected in said
    assert bool(said) == bool(expected)


def test_windows_permission_is_explained() -> None:
    assert windows_refusal("camera", ["Allow", ""]) == windows_refusal("camera", ["Allow", "Allow"]) == ""
    assert "Let desktop apps access your microphone" in windows_refusal("microphone", ["Allow", "Deny"])


def test_linux_leaves_it_to_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert refusal("camera") == refusal("microphone") == ""
    assert not asked("camera")


def test_a_system_that_does_not_answer_forbids_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert refusal("camera") == ""
    assert not asked("microphone")
