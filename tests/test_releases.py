from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from packages import NEW_DOMAIN, edit_json, small_tables, write_small, write_table
from servers import Quiet, answering, served

import ycd_opendata as ycd
from ycd_opendata.loader import releases
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing import catalogue as publishing
from ycd_opendata.publishing.catalogue import publish


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: 1.0.0, and 1.1.0 with one domain more."""
    folder = tmp_path_factory.mktemp("two")
    small = write_small(folder / "p")
    (small / "ycd.toml").write_text('[release]\nformats = ["csv"]\n', "utf-8")
    patch = pytest.MonkeyPatch()
    # Both are slow, and not the point.
    patch.setattr(publishing, "write_site", lambda *_: None)
    patch.setattr(publishing, "verify_release", lambda _: SimpleNamespace(valid=True))
    publish(read_package(small), folder / "dist")
    rows = [*small_tables()["domains"], NEW_DOMAIN]
    write_table(small, "domains", rows)
    edit_json(small / "datapackage.json", lambda raw: raw.update(version="1.1.0"))
    publish(read_package(small), folder / "dist")
    patch.undo()
    return folder / "dist"


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    releases._release.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("YCD_CATALOGUE", raising=False)


def test_both_releases_load_by_name(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YCD_CATALOGUE", str(catalogue))
    assert list(ycd.versions()["version"]) == ["1.1.0", "1.0.0"]
    assert list(ycd.load("domains", version="1.0.0")["domain_id"]) == ["economy", "industry"]
    assert list(ycd.load("domains", version="1.1.0")["domain_id"])[-1] == "zz"
    assert len(ycd.load("scoreboard", version="1.0.0")) == 5


def test_an_unknown_version_lists_the_known(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YCD_CATALOGUE", str(catalogue))
    with pytest.raises(ycd.UnknownNameError, match=r"known: 1\.1\.0, 1\.0\.0"):
        ycd.load("domains", version="9.9.9")


def test_without_a_catalogue_it_says_what_to_set() -> None:
    with pytest.raises(ycd.PackageError, match="set YCD_CATALOGUE"):
        ycd.load("domains", version="1.0.0")


def test_a_changed_file_is_refused(
    catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(catalogue, copy)
    with (copy / "v1.0.0/csv/domains.csv").open("a", encoding="utf-8") as stream:
        stream.write("x,,x,x,x\n")
    monkeypatch.setenv("YCD_CATALOGUE", str(copy))
    with pytest.raises(ycd.ReleaseError, match="was changed"):
        ycd.load("domains", version="1.0.0")


def test_from_the_web_then_offline(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(catalogue) as url:
        monkeypatch.setenv("YCD_CATALOGUE", url)
        assert len(ycd.load("domains", version="1.0.0")) == 2
    releases._release.cache_clear()
    assert len(ycd.load("domains", version="1.0.0")) == 2
    with pytest.raises(ycd.PackageError, match=r"cannot fetch .*check the network"):
        ycd.load("domains", version="1.1.0")


def test_a_cache_that_may_not_be_written_is_no_fault_of_the_network(
    catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way of the cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with served(catalogue) as url:
        monkeypatch.setenv("YCD_CATALOGUE", url)
        with pytest.raises(ycd.PackageError, match=r"cannot keep a release in .*: .*XDG_CACHE"):
            ycd.versions()


ASK = """
import threading
import ycd_opendata as ycd

failed = []

def ask():
    try:
        assert list(ycd.versions()["version"]) == ["1.1.0", "1.0.0"]
        assert len(ycd.load("domains", version="1.0.0")) == 2
    except BaseException as error:
        failed.append(repr(error))

threads = [threading.Thread(target=ask) for _ in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
raise SystemExit("\\n".join(failed) or 0)
"""


def test_many_may_fetch_into_one_empty_cache_at_once(catalogue: Path, tmp_path: Path) -> None:
    with served(catalogue) as url:
        environment = {**os.environ, "YCD_CATALOGUE": url}
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", ASK], env=environment, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        assert [each.communicate()[1] for each in processes] == ["", ""]
    assert [each.returncode for each in processes] == [0, 0]
    # Nothing that was on its way is left.
    [cache] = (tmp_path / "cache" / "ycd-opendata").iterdir()
    assert {each.name for each in cache.iterdir()} == {"versions.json", "v1.0.0"}
    kept = {each.name for each in (cache / "v1.0.0").rglob("*") if each.suffix != ".csv"}
    assert kept == {"SHA256SUMS", "datapackage.json", "csv"}


# A catalogue that means harm.

CHECKSUM = "0" * 64
GOOD = {"version": "1.0.0", "date": "2022-01-17", "sha256": CHECKSUM}


def serving(answers: dict[str, bytes]) -> AbstractContextManager[str]:
    """A server that gives these bytes, and more of the last one than anybody can hold."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body or b"")
                while body and body.endswith(b"ENDLESS"):
                    self.wfile.write(b"0" * 2**20)

    return answering(Handler)


def listing(**changes: Any) -> bytes:
    return json.dumps({"latest": "1.0.0", "releases": [GOOD | changes]}).encode()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "cannot be read"),
    "not UTF-8": (b"\xff\xfe{}", "not UTF-8"),
    "no object": (b"[1]", "not an object"),
    "no list": (b'{"releases": {"version": "1.0.0"}}', "lists no releases"),
    "no entries": (b'{"releases": [1]}', "release 1 is no object"),
    "endless": (b'{"releases": [ENDLESS', "larger than such a file can be"),
    "deep": (b'{"releases": ' + b"[" * 5000 + b"]" * 5000 + b"}", "cannot be read as JSON"),
    "many": (b'{"releases": [' + b"{}," * 20_000 + b"{}]}", "more than 10,000 releases"),
    "a huge number": (b'{"releases": ' + b"9" * 5000 + b"}", "cannot be read as JSON"),
    "a path for a version": (listing(version="../../etc"), "is not MAJOR.MINOR.PATCH"),
    "a version of another type": (listing(version=1), "is not MAJOR.MINOR.PATCH"),
    "a huge version": (listing(version="1.0." + "9" * 5000), "is not MAJOR.MINOR.PATCH"),
    "a version with a line end": (listing(version="1.0.0\n"), "is not MAJOR.MINOR.PATCH"),
    "no checksum": (listing(sha256=None), "is not a SHA-256"),
    "a checksum of another kind": (listing(sha256="md5:abc"), "is not a SHA-256"),
    "a checksum that is not hexadecimal": (listing(sha256="g" * 64), "is not a SHA-256"),
    "a date of another type": (listing(date=[1]), "'date' of release 1 is not a day"),
    "a change file elsewhere": (listing(changes="../x.json"), "is not the path of a change file"),
    "a bump that is none": (listing(bump={}), "'bump' of release 1 is not a bump"),
    "a summary of another type": (listing(summary=["x"]), "is not text"),
    "counts that are none": (listing(records={"a": -1}), "is not counts by table"),
    "twice": (
        json.dumps({"releases": [GOOD, GOOD]}).encode(), "version 1.0.0 is in it twice"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_list_is_refused_in_a_line(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, said = HOSTILE[kind]
    with serving({"/versions.json": body}) as url:
        monkeypatch.setenv("YCD_CATALOGUE", url)
        for call in (ycd.versions, lambda: ycd.load("domains", version="1.0.0")):
            with pytest.raises((ycd.PackageError, ycd.ReleaseError), match=said) as caught:
                call()
            assert "\n" not in str(caught.value)
    assert not [each for each in (tmp_path / "cache").rglob("*") if each.is_file()]


def test_a_hostile_list_does_not_replace_a_good_one(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"/versions.json": (catalogue / "versions.json").read_bytes()}
    with serving(answers) as url:
        monkeypatch.setenv("YCD_CATALOGUE", url)
        assert list(ycd.versions()["version"]) == ["1.1.0", "1.0.0"]
        answers["/versions.json"] = b"{}"
        with pytest.raises(ycd.PackageError, match="lists no releases"):
            ycd.versions()
    assert list(ycd.versions()["version"]) == ["1.1.0", "1.0.0"]


def test_what_the_list_says_cannot_steer_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"/versions.json": listing(summary="\x1b[2Jboo")}) as url:
        monkeypatch.setenv("YCD_CATALOGUE", url)
        assert list(ycd.versions()["summary"]) == ["\\x1b[2Jboo"]


@pytest.mark.parametrize(
    ("sums", "said"),
    [
        ("no checksum\n", "a line that is no checksum"),
        (f"{CHECKSUM}  csv/../../../x\n", "it leaves the package's folder"),
        (f"{CHECKSUM}  csv/domains.csv\n", "cannot fetch"),
    ],
)
def test_a_hostile_list_of_files_is_refused(
    sums: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = sums.encode()
    answers = {
        "/versions.json": listing(sha256=hashlib.sha256(body).hexdigest()),
        "/v1.0.0/SHA256SUMS": body,
    }
    with serving(answers) as url:
        monkeypatch.setenv("YCD_CATALOGUE", url)
        with pytest.raises(ycd.YcdError, match=said):
            ycd.load("domains", version="1.0.0")
    names = {each.name for each in tmp_path.rglob("*") if each.is_file()}
    assert names == {"versions.json", "SHA256SUMS"}


def test_a_table_that_is_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_LARGEST_TABLE", 2**22)
    body = f"{CHECKSUM}  datapackage.json\n".encode()
    answers = {
        "/versions.json": listing(sha256=hashlib.sha256(body).hexdigest()),
        "/v1.0.0/SHA256SUMS": body,
        "/v1.0.0/datapackage.json": b"ENDLESS",
    }
    with serving(answers) as url:
        monkeypatch.setenv("YCD_CATALOGUE", url)
        with pytest.raises(ycd.ReleaseError, match="is larger than such a file can be"):
            ycd.load("domains", version="1.0.0")
