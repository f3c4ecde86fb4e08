from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from odd_package import write_odd
from sites import released


@pytest.fixture(scope="session")
def odd_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a package that is not ours; not to be changed."""
    package = write_odd(tmp_path_factory.mktemp("odd"))
    return released(package, tmp_path_factory.mktemp("odd-release"))


@pytest.fixture
def broken(small_release: Path, tmp_path: Path) -> Path:
    """A copy of the small release, to break."""
    return shutil.copytree(small_release, tmp_path / "broken")
