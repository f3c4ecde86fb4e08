"""The encoding of a text: the declared one, UTF-8, or a guess that is said to be one."""

from __future__ import annotations

import codecs

from ycd_opendata.messages import say


class UnreadableEncodingError(Exception):
    """Only frictionless can read text in this encoding, if anything can; the text says which."""


def find_encoding(start: bytes, declared: object) -> tuple[str, bool]:
    """The encoding to read with, and whether it is a guess and not what the standard says.

    ``start`` are the first bytes, of which the last character may be cut.

    Raises
    ------
    UnreadableEncodingError
        It is unknown, or a character takes more than one byte of plain text.
    """
    if declared:
        try:
            name = codecs.lookup(str(declared)).name
        except LookupError as error:
            raise UnreadableEncodingError(
                say("its encoding {declared} is unknown", declared=declared)
            ) from error
    else:
        name = "utf-8" if _is_utf8(start) else codecs.lookup(_guessed(start)).name
    if name not in ("utf-8", "utf-8-sig") and _is_wide(name):
        raise UnreadableEncodingError(say("its encoding is {name}", name=name))
    is_guess = not declared and name not in ("utf-8", "utf-8-sig")
    return "utf-8-sig" if name == "utf-8" and start.startswith(codecs.BOM_UTF8) else name, is_guess


def _is_wide(name: str) -> bool:
    return name.startswith(("utf-16", "utf-32", "utf-7"))


def _is_utf8(start: bytes) -> bool:
    """Whether the first bytes are UTF-8; the last character of them may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(start: bytes) -> str:
    import chardet

    detector = chardet.UniversalDetector()
    for line in start.splitlines():
        detector.feed(line)
    detector.close()
    guess = str(detector.result["encoding"] or "utf-8")
    return "utf-8" if guess == "ascii" else guess
