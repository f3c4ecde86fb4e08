"""The encoding of a text: the declared one, UTF-8, or a guess; and where a file is none of it."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ycd_opendata.errors import MissingExtraError
from ycd_opendata.messages import say
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.parts import open_parts

_CHUNK = 2**20
_WIDE = ("utf-16", "utf-32", "utf-7")
_MARKED = ("utf-16", "utf-32")
_UNMARKED = tuple(f"{name}-{end}" for name in _MARKED for end in ("be", "le"))
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 16_384
_MOSTLY = 0.4
_DELIMITERS = ",\t;|"
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_COMMON = 0.75
"""The share of characters, at least, that are of the common part of GBK."""


class UnreadableEncodingError(Exception):
    """Only frictionless can read text in this encoding, if anything can; the text says which."""


def find_encoding(start: bytes, declared: object, *, is_whole: bool = False) -> tuple[str, bool]:
    """The encoding to read with, and whether it is a guess and not what the standard says.

    ``start`` are the first bytes, of which the last character may be cut. ``is_whole`` says that
    they are those of one file, whose lines need not be told apart by bytes.

    Raises UnreadableEncodingError where it is unknown; RefusedError where a character takes
    several bytes and the text is of several files: frictionless puts their bytes together, which
    are other characters then, and calls what comes of it valid.
    """
    if declared:
        try:
            name = codecs.lookup(str(declared)).name
            "".encode(name)
        except (LookupError, UnicodeError) as error:  # those that are for bytes, or for nothing
            raise UnreadableEncodingError(
                say("its encoding {declared} is unknown", declared=declared)
            ) from error
    else:
        name = "utf-8" if _is_utf8(start) else codecs.lookup(_guessed(start)).name
    wide = name if name.startswith(_WIDE) else wide_encoding(start)
    if wide and not is_whole:
        raise RefusedError(
            say(
                "it is in several files of {encoding}, which cannot be put together", encoding=wide
            ),
            say("save them as UTF-8"),
        )
    is_marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    if name.startswith(_WIDE) and name not in (_MARKED if is_marked else _UNMARKED):
        raise UnreadableEncodingError(say("its encoding is {name}", name=name))
    is_guess = not declared and name not in ("utf-8", "utf-8-sig")
    return "utf-8-sig" if name == "utf-8" and start.startswith(codecs.BOM_UTF8) else name, is_guess


def _is_utf8(start: bytes) -> bool:
    """Whether the first bytes are UTF-8; the last character of them may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(start: bytes) -> str:
    try:
        import chardet
    except ImportError as error:
        raise MissingExtraError(say("guessing an encoding"), "publish") from error

    detector = chardet.UniversalDetector()
    for line in start.splitlines():
        detector.feed(line)
    detector.close()
    guess = str(detector.result["encoding"] or "utf-8")
    return "utf-8" if guess == "ascii" else guess


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


class BrokenByte(NamedTuple):
    """A byte that is no text: its offset in the file from 0, its line from 1, its value."""

    offset: int
    line: int
    value: int


def first_broken_byte(path: Path, encoding: str) -> BrokenByte | None:
    """The first byte of a file that is no text in this encoding; None if each is.

    Lines end with LF, CRLF or CR. A packed file is unpacked.

    Raises OSError or LookupError where the file cannot be read, or nobody knows the encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, line, last = 0, 1, ""
    with open_parts([path], headed=False) as stream:
        is_over = False
        while not is_over:
            chunk = stream.read(_CHUNK)
            is_over = not chunk
            pending = decoder.getstate()[0]
            try:
                text = decoder.decode(chunk, final=is_over)
            except UnicodeDecodeError as error:
                readable = error.object[: error.start].decode(encoding, "ignore")
                place = offset - len(pending) + error.start
                return BrokenByte(place, line + _breaks(last, readable), error.object[error.start])
            line += _breaks(last, text)
            offset += len(chunk)
            last = text[-1:] or last
    return None


def _breaks(last: str, text: str) -> int:
    """How many line ends a text adds behind a character that was the last before it."""
    twins = text.count("\r\n") + (last == "\r" and text.startswith("\n"))
    return text.count("\n") + text.count("\r") - twins


def read_gbk(content: bytes) -> str | None:
    """The text of bytes that are no UTF-8 and, beyond doubt, GBK; None where there is doubt.

    Chinese programs write it where UTF-8 is declared.

    Bytes of another encoding may be GBK too. Those of Western texts are rare characters then; for
    Japanese and Korean ones the frequencies of characters speak, which chardet knows.

    Examples
    --------
    >>> read_gbk("工业,宽带".encode("gbk")), read_gbk("Málaga,Köln".encode("latin-1"))
    ('工业,宽带', None)
    """
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = _FOREIGN.findall(text)
    common = [each for each in foreign if _is_common(each)]
    if len(foreign) < 2 or len(common) < _COMMON * len(foreign):
        return None
    try:
        import chardet
    except ImportError as error:
        raise MissingExtraError(say("guessing an encoding"), "publish") from error

    guess = str(chardet.detect(content)["encoding"]).upper()
    is_chinese = guess.startswith("GB") and text.encode("gb18030") == content
    return text if is_chinese else None


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
