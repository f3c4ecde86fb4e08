from __future__ import annotations

import os
import zipfile
from pathlib import Path

from ycd_opendata.publishing.formats.archive import write_archive


def test_neither_dates_nor_rights_nor_order_change_the_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    names = ["b.txt", "sub/a.txt", "c.parquet"]
    for name in names:
        (folder / name).write_text(name * 100, "utf-8")
    write_archive(tmp_path / "one.zip", folder, names)
    for name in names:
        os.utime(folder / name, (0, 1e9))
        (folder / name).chmod(0o600)
    write_archive(tmp_path / "two.zip", folder, reversed(names))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == sorted(names)
        assert archive.testzip() is None
        assert archive.read("sub/a.txt").decode() == "sub/a.txt" * 100
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
