"""The whole release in one ZIP, whose bytes depend on its files alone."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PACKED = (".parquet", ".xlsx")


def write_archive(path: Path, folder: Path, files: Iterable[str]) -> None:
    """Write a ZIP of files of a folder, in order of their paths, none of them with a date."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            source = folder / name
            member = zipfile.ZipInfo(name, _DATE)
            member.create_system = _UNIX
            member.external_attr = 0o100644 << 16
            member.file_size = source.stat().st_size
            packed = source.suffix in _PACKED
            member.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with source.open("rb") as content, archive.open(member, "w") as target:
                shutil.copyfileobj(content, target, 2**20)
