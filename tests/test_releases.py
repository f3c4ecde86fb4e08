from __future__ import annotations

import functools
import http.server
import threading
from pathlib import Path
from typing import Any

import pytest
from packages import edit_json, small_tables, write_small, write_table

import ycd_opendata as ycd
from ycd_opendata.loader import releases
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.catalogue import publish


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: 1.0.0, and 1.1.0 with one domain more."""
    folder = tmp_path_factory.mktemp("two")
    (folder / "p").mkdir()
    small = write_small(folder / "p")
    publish(read_package(small), folder / "dist")
    rows = small_tables()["domains"]
    rows.append({"domain_id": "zz", "name_zh": "新", "name_en": "New", "description_en": "New."})
    write_table(small, "domains", rows)
    edit_json(small / "datapackage.json", lambda raw: raw.update(version="1.1.0"))
    publish(read_package(small), folder / "dist")
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


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def test_from_the_web_then_offline(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = functools.partial(Quiet, directory=str(catalogue))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("YCD_CATALOGUE", f"http://127.0.0.1:{server.server_port}")
        assert len(ycd.load("domains", version="1.0.0")) == 2
        server.shutdown()
    releases._release.cache_clear()
    assert len(ycd.load("domains", version="1.0.0")) == 2
    with pytest.raises(ycd.PackageError, match=r"cannot fetch .*check the network"):
        ycd.load("domains", version="1.1.0")
