from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from odd_package import write_odd
from outside.tools import Cells
from packages import ROOT, write_small

from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import write_release


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the repository's data; not to be changed."""
    folder = tmp_path_factory.mktemp("release")
    write_release(read_package(ROOT), folder, None)
    return folder


@pytest.fixture(scope="session")
def odd_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a package that is not ours; not to be changed."""
    package = read_package(write_odd(tmp_path_factory.mktemp("odd")))
    folder = tmp_path_factory.mktemp("odd-release")
    write_release(package, folder, None)
    return folder


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a small package with every table filled; not to be changed."""
    package = read_package(write_small(tmp_path_factory.mktemp("small")))
    folder = tmp_path_factory.mktemp("small-release")
    write_release(package, folder, None)
    return folder


@pytest.fixture
def broken(small_release: Path, tmp_path: Path) -> Path:
    """A copy of the small release, to break."""
    return shutil.copytree(small_release, tmp_path / "broken")


@pytest.fixture(scope="session")
def cells(release: Path) -> Cells:
    """Each table of the repository's release as its CSV file has it."""
    tables = {}
    for path in sorted((release / "csv").iterdir()):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = list(csv.DictReader(stream))
    return tables
