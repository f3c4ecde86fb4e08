from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from odd_package import write_odd

from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import write_release


@pytest.fixture(scope="session")
def odd_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a package that is not ours; not to be changed."""
    package = read_package(write_odd(tmp_path_factory.mktemp("odd")))
    folder = tmp_path_factory.mktemp("odd-release")
    write_release(package, folder, None)
    return folder


@pytest.fixture
def broken(small_release: Path, tmp_path: Path) -> Path:
    """A copy of the small release, to break."""
    return shutil.copytree(small_release, tmp_path / "broken")
