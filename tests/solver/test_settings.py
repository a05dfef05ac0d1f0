"""Settings and their file: what it says counts, the rest is the default, what is wrong is named."""

import dataclasses
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver import settings_file
from blazerig.solver.settings import DEFAULTS, Settings, within
from blazerig.solver.settings_file import changes, load_settings, names

DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "settings.toml"


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "some.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_documented_file_holds_the_defaults_and_names_every_setting():
    assert load_settings(DOCUMENTED) == DEFAULTS
    text, table, found = DOCUMENTED.read_text("utf-8"), "", []
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(.+)\]", line):
            table = heading[1] + "."
            found += [heading[1]] if heading[1] in names() else []
        elif table.rstrip(".") in names():
            continue  # parts, which a user may name
        elif setting := re.match(r"(?:# )?(\w+) = ", line):
            found.append(table + setting[1])
    assert sorted(found) == sorted(names())


def test_the_documented_file_holds_with_every_setting_that_has_no_default_taken_up(written):
    text = re.sub(r"^# (\w+ = )", r"\1", DOCUMENTED.read_text("utf-8"), flags=re.M)
    settings = load_settings(written(text))
    assert None not in [getattr(settings, one.name) for one in dataclasses.fields(Settings)]


def test_an_empty_file_is_the_defaults(written):
    assert load_settings(written("")) == DEFAULTS


def test_what_the_file_says_counts_and_the_rest_is_the_default(written):
    settings = load_settings(written("height = 2\nlock_feet = false\n"))
    assert settings == Settings(height=2.0, lock_feet=False)
    assert isinstance(settings.height, float)
    assert changes(settings) == {"height": 2.0, "lock_feet": False}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("heigth = 1.8", "there is no setting 'heigth'; did you mean 'height'?"),
        ("banana = 1", r"there is no setting 'banana'; there are: height, "),
        ("height = 17", r"height is 17; give metres, 0\.5 to 2\.5"),
        ("height = nan", "height is nan; give metres"),
        ("height = true", "height is true; give metres"),
        ('height = "tall"', "height is 'tall'; give metres"),
        ("lock_feet = 1", "lock_feet is 1; give true or false"),
        ("height = [1.8]", "height is .*; give metres"),
        ("height: 1.8", r"is no TOML: .*line 1.*; write lines like: height = 1\.75"),
        ("[height]\nmetres = 1.8", "height is .*; give metres"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_the_remedy(written, text, said):
    with pytest.raises(BlazeRigError, match=said) as raised:
        load_settings(written(text))
    assert "some.toml" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_missing_a_folder_or_no_text_is_refused(tmp_path):
    (tmp_path / "binary.toml").write_bytes(bytes(range(256)))
    for name, said in (("none.toml", "does not exist"), (".", "cannot read"), ("binary.toml", "no TOML")):
        with pytest.raises(BlazeRigError, match=said):
            load_settings(tmp_path / name)


@dataclass(frozen=True)
class _Inner:
    count: int = field(default=3, metadata=within(1, 9, "frames"))
    way: str = field(default="short", metadata={"choices": ("short", "long")})


@dataclass(frozen=True)
class _Outer:
    inner: _Inner = _Inner()
    share: float = 0.5


@pytest.fixture
def nested(monkeypatch):
    """Settings with a table of their own stand in for the product's."""
    monkeypatch.setattr(settings_file, "Settings", _Outer)
    monkeypatch.setattr(settings_file, "DEFAULTS", _Outer())


@pytest.mark.usefixtures("nested")
def test_tables_are_read_and_named_with_dots(written):
    settings = load_settings(written("[inner]\ncount = 4\n"))
    assert settings == _Outer(_Inner(count=4))
    assert changes(settings) == {"inner.count": 4}


@pytest.mark.usefixtures("nested")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[inner]\ncuont = 4", "no setting 'inner.cuont'; did you mean 'inner.count'"),
        ("[inner]\ncount = 4.5", r"inner.count is 4\.5; give frames, 1 to 9"),
        ("[inner]\nway = 'far'", "inner.way is 'far'; give 'short' or 'long'"),
        ("inner = 3", r"inner is a table; write its settings below a line \[inner\]"),
    ],
)
def test_what_is_wrong_in_a_table_is_named_with_its_table(written, text, said):
    with pytest.raises(BlazeRigError, match=said):
        load_settings(written(text))
