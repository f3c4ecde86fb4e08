"""Tables at addresses are read by ranges, where ``--allow-remote`` lets them, as local ones are."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import fsspec
import pytest
from servers import Quiet, answering
from test_spread_engine import ALL, spread

from ycd_opendata.errors import UnsafePathError
from ycd_opendata.package import files
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.validation.findings import LayerResult
from ycd_opendata.validation.structure.fast.engine import FastEngine

CONTENT = b'\xef\xbb\xbfk,t\n1,"a\nb"\n2,x\nz,\n1,y\n'
FILES = {"t.csv": CONTENT, "more.csv": b"k,t\n3,y\n2,\n", "t.csv.gz": gzip.compress(CONTENT)}


class Ranges(Quiet, BaseHTTPRequestHandler):
    """A server of the files that gives parts of them."""

    def do_GET(self) -> None:
        content = FILES.get(self.path.removeprefix("/"))
        if content is None:
            self.send_error(404)
            return
        start, end = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
        part = content[start : end + 1]
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(content)}")
        self.end_headers()
        self.wfile.write(part)


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with answering(Ranges) as address:
        yield address


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> str:
    """A store in memory; it is none of those that people have."""
    monkeypatch.setattr(files, "STORES", {*files.STORES, "memory"})
    for name, content in FILES.items():
        fsspec.filesystem("memory").pipe_file(f"/here/{name}", content)
    return "memory://here"


def package(folder: Path, paths: Any) -> Package:
    schema = {
        "fields": [{"name": "k", "type": "integer"}, {"name": "t", "type": "string"}],
        "primaryKey": ["k"],
    }
    resource = {"name": "t", "type": "table", "path": paths, "schema": schema}
    text = json.dumps({"name": "p", "resources": [resource]})
    (folder / "datapackage.json").write_text(text, "utf-8")
    return read_package(folder, allow_remote=True)


def found(result: LayerResult) -> list[tuple[Any, ...]]:
    return [
        (each.code, each.path.rpartition("/")[2], each.row, each.line) for each in result.findings
    ]


@pytest.mark.parametrize("kind", ["web", "store"])
@pytest.mark.parametrize("names", [["t.csv"], ["t.csv", "more.csv"], ["t.csv.gz"]])
def test_the_same_report_as_of_local_files(
    names: list[str], kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for name in names:
        (tmp_path / name).write_bytes(FILES[name])
    expected = FastEngine(ALL).check(package(tmp_path, names))
    assert {each.code for each in expected.findings} == {"type-error", "primary-key"}
    there = package(tmp_path, [f"{request.getfixturevalue(kind)}/{each}" for each in names])
    fast = FastEngine(ALL).check(there)
    assert found(fast) == found(expected)
    assert fast.layer.notes == ()
    for size in (1, 9, 10_000):
        assert spread(there, size).findings == fast.findings


def test_an_address_that_cannot_be_read_is_one_line(tmp_path: Path, store: str) -> None:
    [finding] = FastEngine(ALL).check(package(tmp_path, f"{store}/gone.csv")).findings
    assert finding.code == "package-error"
    assert f"{store}/gone.csv cannot be read (" in finding.message
    assert "\n" not in finding.message
    assert finding.hint.startswith("check the address")


@pytest.mark.parametrize(
    "error", [ImportError("Install s3fs to access S3"), OSError("Unable to load libjvm")]
)
def test_a_driver_that_is_missing_is_named(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise error

    monkeypatch.setattr(fsspec.core, "url_to_fs", missing)
    [finding] = FastEngine(ALL).check(package(tmp_path, "s3://bucket/t.csv")).findings
    assert f"s3://bucket/t.csv cannot be read ({error})" in finding.message
    assert "ycd-opendata[remote]" in finding.hint


def test_nothing_is_asked_where_that_is_not_allowed(tmp_path: Path) -> None:
    package(tmp_path, "s3://bucket/t.csv")
    with pytest.raises(UnsafePathError, match="which was not read"):
        read_package(tmp_path)
