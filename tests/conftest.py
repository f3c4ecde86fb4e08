from __future__ import annotations

import os
import re
import shutil

# As many tests run side by side as there are cores, so polars gets one each: set before it loads.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
# Messages are asserted in English, whatever the locale of the machine.
os.environ["YCD_LANG"] = "en"

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import chromium
from examples import load_default
from packages import ROOT, copy_repository, write_small, write_tiny
from playwright.sync_api import Browser
from sites import built, released

from ycd_opendata.cli import main
from ycd_opendata.package.settings import SiteSettings
from ycd_opendata.site.building import write_site
from ycd_opendata.site.content import Content, read_content
from ycd_opendata.site.second_process import processors

load_default()

WITH_OWN_RELEASE = re.compile(
    r"tests/(outside/test_(croissant_records|data_package|files_tutorial|json_schemas)"
    r"|test_(citation|read_back|site_browser|sqlite_database))\.py"
)
"""The files of the tests that look at the release of the repository's data, and no others.

They are a third of the work, all of one worker, so that what is added here makes the run longer.
"""


POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
"""The smallest PNG."""

LONGEST = re.compile(
    r"tests/(outside/test_libreoffice"
    r"|test_(hostile|site|versions|ci_templates|wheel|writing|inferring|release|taking))\.py"
)
"""Files of ten seconds and more: begun early, so that no worker is alone with one at the end."""


def pytest_configure() -> None:
    """Let what the tests write stay in memory where there is room.

    A run writes 100,000 files, 1.3 GB: on a disk it takes a tenth more time.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > 4 * 2**30:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items.sort(
        key=lambda item: (not WITH_OWN_RELEASE.match(item.nodeid), not LONGEST.match(item.nodeid))
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: browsers, and programs that start, are waited for."""
    return processors() + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give the tests of a file to one worker, which then builds once what they share.

    xdist's own groups cannot: marks for them have had no effect since pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return "own release" if WITH_OWN_RELEASE.match(path) else path

    # In the order of collection: what takes longest, the own release, is the first.
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.fixture(scope="session")
def own_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue of the repository's package, with its site; not to be changed.

    It takes half a minute: who uses it stands in ``WITH_OWN_RELEASE``, so that it is made once.
    Another worker keeps the other processor busy, so that one process writes both languages.
    Every picture to download is one point: what they look like is asked of smaller sites.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ycd_opendata.site.building.processors", lambda: 1)
        patch.setattr("ycd_opendata.delta.site.indicator_pages.png_of", lambda *_: POINT)
        return built(ROOT, tmp_path_factory.mktemp("own") / "dist")


@pytest.fixture(scope="session")
def own_release(own_catalogue: Path) -> Path:
    """The release of the repository's data; not to be changed."""
    return own_catalogue / "latest"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of a worker."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the small package; not to be changed."""
    package = write_small(tmp_path_factory.mktemp("small"))
    return released(package, tmp_path_factory.mktemp("small-release"))


@pytest.fixture(scope="session")
def small_content(small_release: Path) -> Content:
    """What the site of the small package is made from."""
    return read_content(small_release, [], {}, None, SiteSettings())


@pytest.fixture(scope="session")
def small_site(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small package, without pictures; not to be changed."""
    folder = tmp_path_factory.mktemp("small-site")
    releases: list[dict[str, Any]] = [
        {"version": "1.0.0", "date": "2026-11-24", "records": {}, "changes": None}
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ycd_opendata.site.building.drawn_pictures", lambda _: ())
        write_site(folder, small_release, releases, {}, None)
    return folder


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no pictures in the builds of a single test: half of a small build's time is theirs.

    What is built once for a module or session has them.
    """
    monkeypatch.setattr("ycd_opendata.site.building.drawn_pictures", lambda _: ())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the repository's package, to break."""
    return copy_repository(tmp_path / "repository")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small valid package with every table filled, to break."""
    return write_small(tmp_path / "small")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A valid package of one table that is not ours, to break."""
    return write_tiny(tmp_path / "tiny")


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str


RunYcd = Callable[..., Result]


@pytest.fixture
def ycd(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunYcd:
    """Run the command line in this process; an exception that it lets through fails the test."""

    def run(*arguments: str | Path) -> Result:
        monkeypatch.setattr("sys.argv", ["ycd", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run
