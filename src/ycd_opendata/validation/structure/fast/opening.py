"""How frictionless would read a table's file, found out without frictionless.

It guesses what a descriptor leaves open (encoding, delimiter, the header's row), so the same
guesses are made here, from the same first bytes and lines and with the same libraries. What it
would read in yet another way is left to it: ``NotReadableError`` says why.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from ycd_opendata.package.model import Resource
from ycd_opendata.validation.structure.limits import (
    LONGEST_RECORD,
    MOST_COLUMNS,
    RefusedError,
    refuse_growth,
)

_SAMPLE_BYTES = 100_000
_SAMPLE_LINES = 100
_SAMPLE_ROWS = 100
_CONFIDENCE = 0.5
_PLAINLY = 200
DELIMITERS = frozenset(",;|\t")
"""The delimiters of tables that are read in blocks."""
_READABLE_KEYS = {
    *("$schema", "header", "headerRows", "delimiter", "quoteChar", "doubleQuote", "escapeChar"),
    *("skipInitialSpace", "lineTerminator", "caseSensitiveHeader", "csvddfVersion", "title"),
    *("description", "name", "csv"),
}
_LEFT_TO_THE_REFERENCE = ("extrapaths", "control", "layout", "innerpath", "fields", "rows")


class NotReadableError(Exception):
    """Only frictionless itself can read this table; the text says why."""


@dataclass(frozen=True)
class Text:
    """A table's file as text: its encoding, how cells are told apart, and the header's labels.

    ``marked`` says that it starts with a byte order mark, ``dialect`` are keywords of
    ``csv.reader``.
    """

    path: Path
    encoding: str
    dialect: Mapping[str, Any]
    labels: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether the dialect is the common one, apart from its delimiter."""
        return self.dialect["delimiter"] in DELIMITERS and self.dialect == {
            "delimiter": self.dialect["delimiter"],
            "quotechar": '"',
            "escapechar": None,
            "doublequote": True,
            "skipinitialspace": False,
            "quoting": csv.QUOTE_MINIMAL,
        }

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes, apart from a mark at the start, are UTF-8 already."""
        return self.encoding in ("utf-8", "utf-8-sig")

    @property
    def size(self) -> int:
        """The bytes of the file, 0 where it is packed: what is in it is not known before."""
        return 0 if self.path.suffix.lower() == ".gz" else self.path.stat().st_size

    def open(self) -> BinaryIO:
        """The file's bytes, decompressed."""
        return _open(self.path)


def open_text(path: Path, resource: Resource) -> Text:
    """Find out how a resource's one file is read.

    Raises
    ------
    NotReadableError
        The file, its dialect or its header is of a kind that is left to frictionless.
    RefusedError
        Its first lines have no end.
    OSError
        The file cannot be read.
    """
    raw, dialect = resource.raw, resource.dialect
    odd = sorted({*dialect} - _READABLE_KEYS)
    if odd:
        raise NotReadableError(f"its dialect has {', '.join(odd)}")
    for key in _LEFT_TO_THE_REFERENCE:
        if raw.get(key):
            raise NotReadableError(f"it has {key}")
    packed = path.name.lower().endswith(".csv.gz")
    if (not packed and path.suffix.lower() != ".csv") or raw.get("format", "csv") != "csv":
        raise NotReadableError("its file is not named .csv")
    if raw.get("compression", "gz" if packed else None) != ("gz" if packed else None):
        raise NotReadableError(f"its compression is {raw['compression']}")
    if raw.get("scheme", "file") != "file":
        raise NotReadableError(f"it is read by the scheme {raw['scheme']}")
    try:
        with _open(path) as stream:
            start = stream.read(_SAMPLE_BYTES)
        encoding = _encoding(start, raw.get("encoding"))
        with io.TextIOWrapper(_open(path), encoding, newline="") as text:
            lines = _first_lines(text)
    except UnicodeDecodeError as error:
        raise NotReadableError(f"its bytes are not {encoding}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise NotReadableError(f"it cannot be decompressed: {error}") from error
    if not any(lines):
        raise NotReadableError("it is empty")
    options = _options(lines, dialect)
    return Text(path, encoding, options, _labels(lines, options, dialect))


def _open(path: Path) -> BinaryIO:
    if path.suffix.lower() != ".gz":
        return path.open("rb")
    return cast(BinaryIO, _Unpacked(path))


class _Unpacked(gzip.GzipFile):
    """A gzip file that refuses to grow without bound."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._size, self._unpacked = path.stat().st_size, 0

    def read(self, size: int | None = -1) -> bytes:
        return self._counted(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        return self._counted(super().read1(size))

    def readline(self, size: int | None = -1) -> bytes:
        return self._counted(super().readline(size))

    def _counted(self, data: bytes) -> bytes:
        self._unpacked += len(data)
        refuse_growth(self._unpacked, self._size)
        return data


def _first_lines(text: TextIO) -> list[str]:
    """The lines that a dialect is guessed from, none of them endless."""
    lines = []
    left = LONGEST_RECORD
    for _ in range(_SAMPLE_LINES):
        line = text.readline(left)
        left -= len(line)
        if not left:
            raise RefusedError(f"its first lines have more than {LONGEST_RECORD:,} characters")
        lines.append(line)
    return lines


def _encoding(start: bytes, declared: object) -> str:
    """The encoding that frictionless reads with: the declared one, else a guess."""
    if declared:
        try:
            name = codecs.lookup(str(declared)).name
        except LookupError as error:
            raise NotReadableError(f"its encoding {declared} is unknown") from error
    elif start.isascii() or _is_plainly_utf8(start):
        name = "utf-8"
    else:
        name = codecs.lookup(_guessed(start)).name
    if name not in ("utf-8", "utf-8-sig") and _is_wide(name):
        raise NotReadableError(f"its encoding is {name}")
    return "utf-8-sig" if name == "utf-8" and start.startswith(codecs.BOM_UTF8) else name


def _is_wide(name: str) -> bool:
    return name.startswith(("utf-16", "utf-32", "utf-7"))


def _is_plainly_utf8(start: bytes) -> bool:
    """Whether so much of it is UTF-8 beyond ASCII that no guess says anything else."""
    text = codecs.getincrementaldecoder("utf-8")(errors="ignore").decode(start)
    is_valid = start.startswith(text.encode())
    return is_valid and len(start) - len(text) > _PLAINLY


def _guessed(start: bytes) -> str:
    import chardet

    detector = chardet.UniversalDetector()
    for line in start.splitlines():
        detector.feed(line)
    detector.close()
    guess = str(detector.result["encoding"] or "utf-8")
    if (detector.result["confidence"] or 0) < _CONFIDENCE:
        try:
            start.decode("utf-8")
        except UnicodeDecodeError:
            return guess
        return "utf-8"
    return "utf-8" if guess == "ascii" else guess


def _options(lines: list[str], dialect: Mapping[str, Any]) -> dict[str, Any]:
    """What ``csv.reader`` is told: what the dialect says, else what the first lines look like."""
    said = {**dialect.get("csv", {}), **dialect}
    try:
        found: Any = csv.Sniffer().sniff("".join(lines), said.get("delimiter", ",\t;|"))
    except csv.Error:
        found = csv.excel()
    quote = said.get("quoteChar", '"' if found.quotechar == "'" else found.quotechar)
    escape = said.get("escapeChar", found.escapechar)
    return {
        "delimiter": said.get("delimiter", found.delimiter),
        "quotechar": quote or None,
        "escapechar": escape,
        "doublequote": said.get("doubleQuote", True) if escape else True,
        "skipinitialspace": said.get("skipInitialSpace", found.skipinitialspace),
        "quoting": csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    }


def _labels(
    lines: list[str], options: Mapping[str, Any], dialect: Mapping[str, Any]
) -> tuple[str, ...]:
    """The header's labels, if frictionless would take the first row for the header."""
    if dialect.get("header", True) is not True or dialect.get("headerRows", [1]) != [1]:
        raise NotReadableError("its header is not its first row")
    try:
        reader = csv.reader(io.StringIO("".join(lines), newline=""), **options)
        rows = [cells for _, cells in zip(range(_SAMPLE_ROWS), reader, strict=False)]
    except (csv.Error, TypeError) as error:
        raise NotReadableError(f"it cannot be split into rows: {error}") from error
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise RefusedError(f"it has more than {MOST_COLUMNS:,} columns")
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise NotReadableError("its first row is blank")
    if not {"header", "headerRows"} & {*dialect}:
        # frictionless takes the first row of about the usual width for the header.
        width = round(sum(map(len, rows)) / len(rows))
        if abs(len(rows[0]) - width) > max(round(width * 0.1), 1):
            raise NotReadableError("its first row is of another width than the rest")
    return tuple(cell.strip() for cell in rows[0])
