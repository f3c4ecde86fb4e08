"""The texts of our own package that are generated from its tables: counts in README and codebook.

Each stands between two remarks, ``<!-- quality -->`` and ``<!-- end of quality -->``.
``ycd format`` writes it, and ``ycd validate`` says where it is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ycd_opendata.delta.grid import grid_markdown
from ycd_opendata.errors import DataError
from ycd_opendata.loader.coverage import coverage, coverage_markdown, quality_markdown
from ycd_opendata.loader.tables import load_table
from ycd_opendata.package.model import Package

DOCUMENTS = ("README.md", "data/README.md")
"""The documents that may have such texts, relative to the package's folder."""

_BLOCK = re.compile(r"(<!-- (quality|coverage|grid) -->\n)(.*?)(<!-- end of \2 -->)", re.DOTALL)


@dataclass(frozen=True)
class StaleText:
    """A document whose figures are not those of the tables.

    ``block`` and ``line`` say where it first differs.
    """

    path: str
    before: str
    after: str
    block: str
    line: int


def stale_texts(package: Package) -> Iterator[StaleText]:
    """The documents of our own package that its tables have moved on from.

    Raises
    ------
    DataError
        A document is not UTF-8, or the tables cannot be counted.
    """
    documents = {name: package.root / name for name in DOCUMENTS if package.is_own}
    texts: dict[str, str] = {}
    for name, path in documents.items():
        try:
            text = path.read_bytes().decode("utf-8") if path.is_file() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{name!r} cannot be read: {error}", "save it as UTF-8") from error
        if _BLOCK.search(text):
            texts[name] = text
    if not texts:
        return
    blocks = generated_texts(package)
    for name, before in texts.items():
        after = _BLOCK.sub(lambda found: found[1] + blocks[found[2]] + found[4], before)
        for found in _BLOCK.finditer(before):
            if found[3] != blocks[found[2]]:
                line = _differing_line(before, found.start(3), found[3], blocks[found[2]])
                yield StaleText(name, before, after, found[2], line)
                break


def generated_texts(package: Package) -> dict[str, str]:
    """What is to stand in each block, by its name.

    Raises
    ------
    DataError
        The tables lack what is counted.
    """
    try:
        found = coverage(package)
        regions, grid = load_table(package, "regions"), load_table(package, "coverage")
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"the records cannot be counted: {error}") from error
    names = dict(zip(regions["region_id"], regions["name_en"], strict=True))
    return {
        "quality": quality_markdown(found),
        "coverage": coverage_markdown(found, names),
        "grid": grid_markdown(grid),
    }


def _differing_line(text: str, start: int, before: str, after: str) -> int:
    """The line of a text on which a block of it that starts somewhere first differs."""
    same = 0
    for had, has in zip(before.split("\n"), after.split("\n"), strict=False):
        if had != has:
            break
        same += 1
    return text.count("\n", 0, start) + 1 + same
