"""Text of two or four bytes a character, as spreadsheets save it: its encoding and delimiter."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 16_384
_MOSTLY = 0.4
_DELIMITERS = ",\t;|"


def wide_encoding(start: bytes) -> str:
    """The encoding of a file by its first bytes, if it takes several bytes a character; else ""."""
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    # Without a mark: what is mostly Latin letters and digits has every other byte zero.
    pairs = len(start) // 2
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = (start[at : 2 * pairs : 2].count(0) for at in (offset, 1 - offset))
        if pairs and zeros >= pairs * _MOSTLY and not others:
            return name
    return ""


def wide_properties(file: Path, encoding: str) -> Mapping[str, Any]:
    """What a resource says of such a file."""
    with file.open("rb") as stream:
        start = stream.read(_SAMPLE_BYTES)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(start)
    try:
        delimiter = csv.Sniffer().sniff(text, _DELIMITERS).delimiter
    except csv.Error:
        delimiter = ","
    dialect = {} if delimiter == "," else {"dialect": {"delimiter": delimiter}}
    return {"format": "csv", "encoding": encoding, **dialect}
