"""Nothing stays open that frictionless opened, whatever it stumbles over."""

from __future__ import annotations

import gc
import gzip
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packages import describe

from ycd_opendata.validation.run import validate

RIGHT = b"a\n1\n"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"encoding": "no-such"}, "encoding-error"),
        ({"encoding": "ascii"}, "encoding-error"),
        ({"compression": "lz4"}, "compression-error"),
        ({"path": "cut.csv.gz", "compression": "gz"}, "package-error"),
        ({"path": "t.csv.gz", "compression": "gz"}, None),
        ({"path": "broken.csv.zip", "compression": "zip"}, "compression-error"),
        ({"path": "t.csv.zip", "compression": "zip"}, None),
        ({}, None),
    ],
)
def test_every_file_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], code: str | None
) -> None:
    (tmp_path / "t.csv").write_bytes(b"a\n1\n\xc3\xa9\n" if more.get("encoding") else RIGHT)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(RIGHT))
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(RIGHT)[:-9])
    (tmp_path / "broken.csv.zip").write_bytes(b"PK\3\4nonsense")
    with zipfile.ZipFile(tmp_path / "t.csv.zip", "w") as archive:
        archive.writestr("t.csv", RIGHT)
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}]}, **more}
    describe(tmp_path, [table])
    left: list[object] = []
    gc.freeze()  # what was there before is not looked through
    with monkeypatch.context() as patch:
        patch.setattr(sys, "unraisablehook", lambda each: left.append(each.exc_value))
        report = validate(tmp_path, "frictionless")
        gc.collect()
    gc.unfreeze()
    assert {each.code for each in report.findings} == ({code} if code else set())
    assert left == []


def test_control_a_file_that_is_left_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr(sys, "unraisablehook", lambda each: left.append(each.exc_value))
        (tmp_path / "t").touch()
        (tmp_path / "t").open("rb")
        gc.collect()
    assert [type(each) for each in left] == [ResourceWarning]
