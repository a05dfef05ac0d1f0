"""The files of dialects: all that come along are in order, and what is wrong in one is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from blazerig.addon.face.dialect import FOLDER, load_dialect
from blazerig.addon.face.spelling import spelled
from blazerig.errors import BlazeRigError


@pytest.mark.parametrize(
    "path",
    sorted(FOLDER.glob("*.toml")),
    ids=lambda path: path.stem,
)
def test_every_dialect_is_readable_and_its_names_are_told_apart(path: Path) -> None:
    dialect = load_dialect(path)
    for names in (list(dialect.shapes), [moved.bone for moved in dialect.bones]):
        assert len({spelled(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "format is None"),
        ('format = 1\nname = "x"\nshape = 1', "unknown entry 'shape'"),
        ("format = 1", "'name' is missing"),
        ('format = 1\nname = "x"\n[shapes]\na = "jawOpened"', "'jawOpened' is no shape of ARKit"),
        ('format = 1\nname = "x"\n[shapes]\na = {}', "must be a shape of ARKit"),
        ('format = 1\nname = "x"\n[turns]\njaw = { jawOpen = [1, 2] }', "must have three numbers"),
        ('format = 1\nname = "x"\nshapes = 3', "'shapes' must be a table"),
        ('format = 1\nname = "x"\nrequires = 3', "'requires' must be a list of names"),
        ('format = 1\nname = "x"\neyes = [1, 2]', "'eyes' must be a list of names"),
        ('format = 1\nname = "x"\nignored = "a"', "'ignored' must be a list of names"),
        ('format = 1\nname = "x"\nbeside_shapes = 1', "'beside_shapes' must be a list of names"),
        ('format = 1\nname = "x"\ncertainty = []', r"\[\] must be a number"),
        ('format = 1\nname = "x"\n[shapes]\na = { jawOpen = nan }', "nan must be a number"),
        ('format = 1\nname = "x"\n[shapes]\na = { jawOpen = 0 }', "shows nothing"),
        ('format = 1\nname = "x"\n[moves]\na = { jawOpen = [[], 0, 0] }', r"\[\] must be a number"),
        ('format = 1\nname = "x"\n[moves]\na = {}\n[spans]\na = ["b"]', "'spans' must be two bones"),
        ("format = ", "dialect bad.toml"),
    ],
)
def test_what_is_wrong_in_a_dialect_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BlazeRigError, match=told):
        load_dialect(path)
