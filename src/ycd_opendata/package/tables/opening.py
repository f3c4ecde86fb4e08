"""How a table's text is read, as frictionless reads it, found out without frictionless.

It guesses what a descriptor leaves open (encoding, delimiter, the header's row), so the same
guesses are made here, from the same first bytes and lines and with the same libraries; only text
that is UTF-8 is never taken for anything else. What it would read in yet another way is left to
it: ``NotReadableError`` says why.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO

from ycd_opendata.messages import say
from ycd_opendata.package.model import Resource
from ycd_opendata.package.tables.header import SAMPLE_ROWS, Header, find_header
from ycd_opendata.package.tables.limits import LONGEST_RECORD, MOST_COLUMNS, RefusedError
from ycd_opendata.package.tables.parts import (
    OddPartError,
    digest,
    first_lines,
    in_archive,
    is_packed,
    line_counts,
    open_parts,
    place_in_parts,
)
from ycd_opendata.package.tables.remote import File
from ycd_opendata.package.tables.text_encoding import UnreadableEncodingError, find_encoding
from ycd_opendata.package.tables.zipped import ZippedFile

_SAMPLE_BYTES = 100_000
_SAMPLE_LINES = 100
DELIMITERS = frozenset(",;|\t")
"""The delimiters of tables that are read in blocks."""
_DIALECT_TYPES: Mapping[str, type] = {
    **dict.fromkeys(("header", "headerCase", "doubleQuote"), bool),
    **dict.fromkeys(("skipInitialSpace", "skipBlankRows"), bool),
    **dict.fromkeys(("headerJoin", "commentChar", "delimiter", "quoteChar", "escapeChar"), str),
    **dict.fromkeys(("headerRows", "commentRows"), list),
    "csv": dict,
}
"""What is read here of a dialect. Whatever else it says changes nothing."""
_GUESSED = ("csv", "tsv", "jsonl", "ndjson")
_OF_OTHER_FORMATS = ("excel", "ods", "json", "html", "parquet", "sql")
LEFT_TO_THE_REFERENCE = ("control", "layout", "innerpath")


class NotReadableError(Exception):
    """Only frictionless itself can read this table; the text says why."""


class EmptyError(NotReadableError):
    """There is nothing in the file."""


@dataclass(frozen=True)
class Text:
    """A table's files as one text: its encoding, how cells are told apart, and its header.

    ``dialect`` are keywords of ``csv.reader``, ``newline`` is one of ``open``: in TSV, line ends
    inside of cells are LF whatever they were. ``is_guess`` says that nobody declared the encoding
    and that it is not UTF-8. ``odd_parts`` are the files behind the first one, by their place, of
    which the first line is not the first one's.
    """

    paths: tuple[File, ...]
    encoding: str
    dialect: Mapping[str, Any]
    header: Header
    newline: Literal[""] | None = ""
    is_guess: bool = False
    odd_parts: tuple[int, ...] = ()

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
    def can_be_frames(self) -> bool:
        """Whether its rows can be frames, as far as its blocks are regular."""
        # The numbers of rows are not known to frames that are looked at side by side.
        return self.is_plain and not self.header.comments.numbers

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes, apart from a mark at the start, are the text as UTF-8 already."""
        return self.newline == "" and self.encoding in ("utf-8", "utf-8-sig")

    @property
    def size(self) -> int:
        """The bytes of the files, 0 where one is packed: what is in it is not known before."""
        if any(is_packed(path) for path in self.paths):
            return 0
        return sum(path.stat().st_size for path in self.paths)

    def open(self) -> BinaryIO:
        """The files' bytes, decompressed, one behind the other."""
        return open_parts(self.paths, headed=self.header.is_expected)

    def parts(self) -> tuple[Text, ...]:
        """Each of several files as a text of its own; none where they cannot be told apart.

        A quote that is open at the end of one is not closed by the next one.
        """
        if len(self.paths) == 1 or self.odd_parts:
            return ()
        later = replace(
            self,
            encoding="utf-8" if self.encoding == "utf-8-sig" else self.encoding,
            header=replace(self.header, content=2 if self.header.is_expected else 1),
        )
        first, *others = self.paths
        return (replace(self, paths=(first,)), *(replace(later, paths=(each,)) for each in others))

    def digest(self, algorithm: str) -> tuple[int, str]:
        """The size of the files in bytes and their hash; a single one's as it is packed."""
        return digest(self.paths, headed=self.header.is_expected, algorithm=algorithm)

    def place(self, line: int) -> tuple[int, int]:
        """The file that a line of the whole is in, counted from 0, and its line there."""
        if len(self.paths) == 1:
            return 0, line
        return place_in_parts(line, self._line_counts, headed=self.header.is_expected)

    @cached_property
    def _line_counts(self) -> list[int]:
        return line_counts(self.paths)


def open_text(paths: Sequence[File], resource: Resource) -> Text:
    """Find out how a resource's files are read.

    Raises NotReadableError where the files, their dialect or header are of a kind that is left to
    frictionless; RefusedError where the first lines have no end; OSError where a file cannot be
    read.
    """
    _refuse_odd_dialect(resource.dialect)
    paths = in_archive(paths, resource.raw)
    _refuse_odd_files(paths, resource.raw)
    dialect = resource.dialect
    headed = dialect.get("header") is not False
    is_tsv = _format(paths[0], resource.raw) == "tsv"
    newline: Literal[""] | None = None if is_tsv else ""
    encoding, is_guess = "utf-8", False
    try:
        with open_parts(paths, headed=headed) as stream:
            start = stream.read(_SAMPLE_BYTES)
        declared = resource.raw.get("encoding")
        encoding, is_guess = find_encoding(start, declared, is_whole=len(paths) == 1)
        with io.TextIOWrapper(open_parts(paths, headed=headed), encoding, newline=newline) as text:
            lines = _bounded_lines(text)
            first = list(islice(lines, _SAMPLE_LINES))
            if not first:
                raise EmptyError(say("it is empty"))
            options = _options(first, {"delimiter": "\t", **dialect} if is_tsv else dialect)
            sample = _sample(chain(first, lines), options)
        header = _found_header(sample, dialect)
        odd_parts = _odd_parts(paths, encoding, options, header)
    except UnicodeError as error:
        raise NotReadableError(say("its bytes are not {encoding}", encoding=encoding)) from error
    except gzip.BadGzipFile as error:
        raise NotReadableError(say("it cannot be decompressed: {error}", error=error)) from error
    except (OddPartError, UnreadableEncodingError) as error:
        raise NotReadableError(str(error)) from error
    return Text(tuple(paths), encoding, options, header, newline, is_guess, odd_parts)


def guessed_encoding(paths: Sequence[File], resource: Resource) -> str:
    """The encoding that frictionless reads a text with and nobody declared; "" if it is no guess.

    Raises OSError where a file cannot be read.
    """
    if resource.raw.get("encoding") or _format(paths[0], resource.raw) not in _GUESSED:
        return ""
    with open_parts(in_archive(paths, resource.raw)[:1], headed=False) as stream:
        name, is_guess = find_encoding(stream.read(_SAMPLE_BYTES), None, is_whole=True)
    return name if is_guess else ""


def _found_header(sample: list[tuple[int, list[str]]], dialect: Mapping[str, Any]) -> Header:
    rows = [cells for _, cells in sample]
    header = find_header(rows, dialect)
    if header.content > SAMPLE_ROWS:
        raise NotReadableError(say("its content starts far below its first rows"))
    content = list(enumerate(rows, start=1))[header.content - 1 :]
    if not header.labels and all(header.comments.has(*row) for row in content):
        raise NotReadableError(say("its first rows hold nothing"))
    return replace(header, line=sample[min(header.rows) - 1][0]) if header.labels else header


def _odd_parts(
    paths: Sequence[File], encoding: str, options: Mapping[str, Any], header: Header
) -> tuple[int, ...]:
    """The files behind the first one whose first line, the one left out, is not the header."""
    if len(paths) == 1 or not header.is_expected:
        return ()
    labels: list[list[str] | None] = []
    for line in first_lines(paths)[1:]:
        text = line.decode(encoding).removeprefix("\ufeff")
        try:
            cells = next(csv.reader([text], **options, strict=True), [])
            labels.append([label.strip() for label in cells])
        except csv.Error:  # the quote of a label is not closed in this line
            labels.append(None)
    # A file without any line adds no row; a header below other rows is in no first line.
    wanted = [*header.labels] if header.rows == (1,) else []
    return tuple(at for at, found in enumerate(labels, start=1) if found not in ([], wanted))


def _refuse_odd_dialect(dialect: Mapping[str, Any]) -> None:
    """Raise NotReadableError for a dialect that only frictionless knows how to read."""
    of_csv = dialect.get("csv")
    for key, value in (*dialect.items(), *(of_csv.items() if isinstance(of_csv, dict) else ())):
        is_fit = isinstance(value, _DIALECT_TYPES.get(key, object))
        if isinstance(value, list) and key in _DIALECT_TYPES:
            is_fit = is_fit and all(type(each) is int and each > 0 for each in value)
        if not is_fit:
            raise NotReadableError(say("its dialect has a {key} of another kind", key=key))
    # A part of a dialect is about a format, and frictionless refuses those that it does not know.
    about = {key for key, value in dialect.items() if isinstance(value, dict)}
    odd = sorted(about - {"csv", *_OF_OTHER_FORMATS})
    if odd:
        raise NotReadableError(say("its dialect has {odd}", odd=", ".join(odd)))


def _refuse_odd_files(paths: Sequence[File], raw: Mapping[str, Any]) -> None:
    """Raise NotReadableError for files that only frictionless knows how to read."""
    for key in LEFT_TO_THE_REFERENCE:
        if raw.get(key) and not (key == "innerpath" and isinstance(paths[0], ZippedFile)):
            raise NotReadableError(say("it has {key}", key=key))
    if raw.get("extrapaths") and isinstance(raw.get("path"), list):
        # frictionless forgets the one for the other.
        raise NotReadableError(say("it has both extrapaths and a list of paths"))
    found = _format(paths[0], raw)  # as frictionless has it, the first file's is that of all
    if found not in ("csv", "tsv"):
        raise NotReadableError(say("its format is {found}", found=found or "not said"))
    packed = "gz" if is_packed(paths[0]) else None
    packed = "zip" if isinstance(paths[0], ZippedFile) else packed
    # frictionless takes "no", which is an old word of its own, for nothing said.
    if (raw.get("compression") or packed) not in (packed, "no"):
        raise NotReadableError(
            say("its compression is {compression}", compression=raw["compression"])
        )
    if raw.get("scheme", "file") != "file":
        raise NotReadableError(say("it is read by the scheme {raw}", raw=raw["scheme"]))


def _format(path: File, raw: Mapping[str, Any]) -> str:
    """The format of a file as frictionless names it: the declared one, else the name's end."""
    name = path.name.lower().removesuffix(".gz")
    return str(raw.get("format") or Path(name).suffix.removeprefix(".")).lower()


def _bounded_lines(text: TextIO) -> Iterator[str]:
    """The lines that a dialect and a header are guessed from, none of them endless."""
    left = LONGEST_RECORD
    while line := text.readline(left):
        left -= len(line)
        if not left:
            raise RefusedError(
                say("its first lines have more than {most:,} characters", most=LONGEST_RECORD)
            )
        yield line


def _options(lines: list[str], dialect: Mapping[str, Any]) -> dict[str, Any]:
    """What ``csv.reader`` is told: what the dialect says, else what the first lines look like."""
    said = {**dialect.get("csv", {}), **dialect}
    found = _sniffed("".join(lines), said.get("delimiter", ",\t;|"))
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


@lru_cache(maxsize=32)
def _sniffed(sample: str, delimiters: str) -> Any:
    """What the first lines look like; each layer opens a table anew, and this takes longest."""
    evident = _evident(sample, delimiters)
    if evident is not None:
        return evident
    try:
        return csv.Sniffer().sniff(sample, delimiters)
    except csv.Error:
        return csv.excel()


def _evident(sample: str, delimiters: str) -> csv.Dialect | None:
    """What Python's guess is sure to be, found in a tenth of its time; None where it is not sure.

    Without quotes it takes the one delimiter that stands equally often in each of the first lines.
    """
    if '"' in sample or "'" in sample or not DELIMITERS.issuperset(delimiters):
        return None
    lines = list(islice(filter(None, sample.split("\n")), 10))
    counts = {each: {line.count(each) for line in lines} for each in delimiters}
    found = [each for each, numbers in counts.items() if numbers != {0}]
    if len(found) != 1 or len(counts[found[0]]) != 1:
        return None
    dialect = csv.excel()
    dialect.delimiter = found[0]
    dialect.skipinitialspace = lines[0].count(found[0]) == lines[0].count(f"{found[0]} ")
    return dialect


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
        raise NotReadableError(say("it cannot be split into rows: {error}", error=error)) from error
    if any(len(cells) > MOST_COLUMNS for _, cells in rows):
        raise RefusedError(
            say("it has more than {most_columns:,} columns", most_columns=MOST_COLUMNS)
        )
    return rows
