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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from ycd_opendata.package.model import Resource
from ycd_opendata.package.tables.header import SAMPLE_ROWS, Header, find_header
from ycd_opendata.package.tables.limits import LONGEST_RECORD, MOST_COLUMNS, RefusedError
from ycd_opendata.package.tables.parts import (
    OddPartError,
    digest,
    line_counts,
    open_parts,
)

_SAMPLE_BYTES = 100_000
_SAMPLE_LINES = 100
_CONFIDENCE = 0.5
_PLAINLY = 200
DELIMITERS = frozenset(",;|\t")
"""The delimiters of tables that are read in blocks."""
_READABLE_KEYS = {
    *("$schema", "header", "headerRows", "delimiter", "quoteChar", "doubleQuote", "escapeChar"),
    *("skipInitialSpace", "lineTerminator", "caseSensitiveHeader", "csvddfVersion", "title"),
    *("description", "name", "csv", "headerJoin", "commentChar", "commentRows"),
}
_DIALECT_KINDS: Mapping[str, Callable[[object], bool]] = {
    "header": lambda value: isinstance(value, bool),
    "headerRows": lambda value: _are_numbers(value),
    "headerJoin": lambda value: isinstance(value, str),
    "commentChar": lambda value: isinstance(value, str),
    "commentRows": lambda value: _are_numbers(value),
}
LEFT_TO_THE_REFERENCE = ("control", "layout", "innerpath", "fields", "rows")


class NotReadableError(Exception):
    """Only frictionless itself can read this table; the text says why."""


@dataclass(frozen=True)
class Text:
    """A table's files as one text: its encoding, how cells are told apart, and its header.

    ``dialect`` are keywords of ``csv.reader``.
    """

    paths: tuple[Path, ...]
    encoding: str
    dialect: Mapping[str, Any]
    header: Header

    @property
    def is_plain(self) -> bool:
        """Whether the dialect is the common one, apart from delimiter and initial spaces.

        Python guesses that spaces are skipped wherever the first line has no delimiter.
        """
        return self.dialect["delimiter"] in DELIMITERS and self.dialect == {
            "delimiter": self.dialect["delimiter"],
            "quotechar": '"',
            "escapechar": None,
            "doublequote": True,
            "skipinitialspace": self.dialect["skipinitialspace"],
            "quoting": csv.QUOTE_MINIMAL,
        }

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes, apart from a mark at the start, are UTF-8 already."""
        return self.encoding in ("utf-8", "utf-8-sig")

    @property
    def size(self) -> int:
        """The bytes of the files, 0 where one is packed: what is in it is not known before."""
        if any(_is_packed(path) for path in self.paths):
            return 0
        return sum(path.stat().st_size for path in self.paths)

    def open(self) -> BinaryIO:
        """The files' bytes, decompressed, one behind the other."""
        return open_parts(self.paths, headed=self.header.is_expected)

    def digest(self, algorithm: str) -> tuple[int, str]:
        """The size of the files in bytes and their hash; a single one's as it is packed."""
        return digest(self.paths, headed=self.header.is_expected, algorithm=algorithm)

    def place(self, line: int) -> tuple[int, int]:
        """The file that a line of the whole is in, counted from 0, and its line there."""
        if len(self.paths) == 1:
            return 0, line
        at = 0
        while at + 1 < len(self.paths) and line > self._line_counts[at]:
            line -= self._line_counts[at]
            at += 1
            # The first line of a later file was left out.
            line += self.header.is_expected and self._line_counts[at] > 0
        return at, line

    @cached_property
    def _line_counts(self) -> list[int]:
        return line_counts(self.paths)


def open_text(paths: Sequence[Path], resource: Resource) -> Text:
    """Find out how a resource's files are read.

    Raises
    ------
    NotReadableError
        The files, their dialect or header are of a kind that is left to frictionless.
    RefusedError
        The first lines have no end.
    OSError
        A file cannot be read.
    """
    _refuse_odd_dialect(resource.dialect)
    _refuse_odd_files(paths, resource.raw)
    dialect = resource.dialect
    headed = dialect.get("header") is not False
    encoding = "utf-8"
    try:
        with open_parts(paths, headed=headed) as stream:
            start = stream.read(_SAMPLE_BYTES)
        encoding = _encoding(start, resource.raw.get("encoding"))
        with io.TextIOWrapper(open_parts(paths, headed=headed), encoding, newline="") as text:
            lines = _bounded_lines(text)
            first = list(islice(lines, _SAMPLE_LINES))
            if not first:
                raise NotReadableError("it is empty")
            options = _options(first, dialect)
            sample = _sample(chain(first, lines), options)
    except UnicodeDecodeError as error:
        raise NotReadableError(f"its bytes are not {encoding}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise NotReadableError(f"it cannot be decompressed: {error}") from error
    except OddPartError as error:
        raise NotReadableError(str(error)) from error
    rows = [cells for _, cells in sample]
    header = find_header(rows, dialect)
    if header.content > SAMPLE_ROWS:
        raise NotReadableError("its content starts far below its first rows")
    content = list(enumerate(rows, start=1))[header.content - 1 :]
    if not header.labels and all(header.comments.has(*row) for row in content):
        raise NotReadableError("its first rows hold nothing")
    if header.labels:
        header = replace(header, line=sample[min(header.rows) - 1][0])
    return Text(tuple(paths), encoding, options, header)


def _refuse_odd_dialect(dialect: Mapping[str, Any]) -> None:
    """Raise NotReadableError for a dialect that only frictionless knows how to read."""
    odd = sorted({*dialect} - _READABLE_KEYS)
    if odd:
        raise NotReadableError(f"its dialect has {', '.join(odd)}")
    for key, is_fit in _DIALECT_KINDS.items():
        if key in dialect and not is_fit(dialect[key]):
            raise NotReadableError(f"its dialect has a {key} of another type")


def _refuse_odd_files(paths: Sequence[Path], raw: Mapping[str, Any]) -> None:
    """Raise NotReadableError for files that only frictionless knows how to read."""
    for key in LEFT_TO_THE_REFERENCE:
        if raw.get(key):
            raise NotReadableError(f"it has {key}")
    if raw.get("extrapaths") and isinstance(raw.get("path"), list):
        # frictionless forgets the one for the other.
        raise NotReadableError("it has both extrapaths and a list of paths")
    if any(path.suffix.lower() != ".csv" and not _is_packed(path) for path in paths):
        raise NotReadableError("its file is not named .csv")
    if raw.get("format", "csv") != "csv":
        raise NotReadableError(f"its format is {raw['format']}")
    packed = "gz" if _is_packed(paths[0]) else None
    if raw.get("compression", packed) != packed:
        raise NotReadableError(f"its compression is {raw['compression']}")
    if raw.get("scheme", "file") != "file":
        raise NotReadableError(f"it is read by the scheme {raw['scheme']}")


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(type(each) is int and each > 0 for each in value)


def _is_packed(path: Path) -> bool:
    return path.name.lower().endswith(".csv.gz")


def _bounded_lines(text: TextIO) -> Iterator[str]:
    """The lines that a dialect and a header are guessed from, none of them endless."""
    left = LONGEST_RECORD
    while line := text.readline(left):
        left -= len(line)
        if not left:
            raise RefusedError(f"its first lines have more than {LONGEST_RECORD:,} characters")
        yield line


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


def _sample(lines: Iterator[str], options: Mapping[str, Any]) -> list[tuple[int, list[str]]]:
    """The first rows of a table, each with the physical line it starts on."""
    csv.field_size_limit(LONGEST_RECORD)
    rows = []
    line = 1
    try:
        reader = csv.reader(lines, **options)
        for cells in islice(reader, SAMPLE_ROWS):
            rows.append((line, cells))
            line = reader.line_num + 1
    except (csv.Error, TypeError) as error:
        raise NotReadableError(f"it cannot be split into rows: {error}") from error
    if any(len(cells) > MOST_COLUMNS for _, cells in rows):
        raise RefusedError(f"it has more than {MOST_COLUMNS:,} columns")
    return rows
