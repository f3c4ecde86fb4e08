"""The files of the newest release, as the front page and the pages of tables offer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ycd_opendata.site.content import Content
from ycd_opendata.site.wording import Wording

_WHOLE = ("zip", "xlsx", "sqlite", "duckdb")


@dataclass(frozen=True)
class Download:
    """A file: its path from the catalogue's root, its format in words and its size in words."""

    path: str
    name: str
    format: str
    size: str


@dataclass(frozen=True)
class Downloads:
    """The files with everything, those of one table by table and format, and those about them."""

    whole: tuple[Download, ...]
    by_table: Mapping[str, Mapping[str, Download]]
    formats: tuple[str, ...]
    about: tuple[Download, ...]


def downloads_of(content: Content, wording: Wording) -> Downloads:
    """Sort the files of the newest release by what they hold."""
    whole, about = [], []
    by_table: dict[str, dict[str, Download]] = {name: {} for name in content.tables}
    for path, size in content.files.items():
        folder, _, name = path.rpartition("/")
        stem, _, suffix = name.rpartition(".")
        key = f"formats.{suffix}" if wording.has(f"formats.{suffix}") else "formats.other"
        file = Download(f"latest/{path}", name, wording.text(key), wording.size(size))
        if folder == suffix and stem in by_table:
            by_table[stem][suffix] = file
        elif not folder and suffix in _WHOLE:
            whole.append(file)
        elif not folder:
            about.append(file)
    formats = tuple(dict.fromkeys(suffix for each in by_table.values() for suffix in each))
    return Downloads(tuple(whole), by_table, formats, tuple(about))
