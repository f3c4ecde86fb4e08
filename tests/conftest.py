from __future__ import annotations

from pathlib import Path

import pytest
from packages import copy_repository, write_small


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the repository's package, to break."""
    folder = tmp_path / "repository"
    folder.mkdir()
    return copy_repository(folder)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small valid package with every table filled, to break."""
    folder = tmp_path / "small"
    folder.mkdir()
    return write_small(folder)
