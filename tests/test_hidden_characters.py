"""Characters that nobody sees are found by their category, and let be where they do their work."""

from __future__ import annotations

import polars as pl
import pytest

from ycd_opendata.validation import hidden_characters
from ycd_opendata.validation.hidden_characters import (
    SUSPECT,
    character_name,
    hidden_character,
    is_padded,
)

HIDDEN = [
    *("a\u202eb", "a\u00adb", "a\u0085b", "a\u0093b", "a\u2066b", "a\u200bb", "a\ufffdb"),
    *("a\ue000b", "a\x00b", "a\x1bb", "a\x7fb", "a\u2028b", "a\u2029b", "\ufeffa", "a\u0378b"),
    *("a\uffffb", "a\U0001fffeb", "a\U000f0000", "a\u200db", "a\u200cb", "数\u200d字", "\u200da"),
    *("a\ufffcb", "a\u3164b", "a\u061cb", "a\u200fb", "a\U000e0041b", "a\ufff9b", "\u180ea"),
    "\U0001f3f4a\U000e007f",
]
SEEN = [
    *("a b", "a\tb\nc\r\n", "数字化", "é", "e\u0301", "a\u00a0b", "a\u3000b", "-–—…", "\u0600١"),
    "می\u200cخواهم",  # Persian
    "क्\u200dष",  # Hindi
    "ശ്രീ ന്\u200d",  # Malayalam, at the end of a word
    "👩\u200d💻 👩🏽\u200d💻 🏳️\u200d🌈 ❤️\u200d🔥",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\U00031350\U0002ebf0",  # ideographs of later versions of Unicode
]


@pytest.mark.parametrize("text", HIDDEN)
def test_hidden(text: str) -> None:
    found = hidden_character(text)
    assert found is not None
    assert pl.Series([text]).str.contains(SUSPECT).all(), "the fast look passes it over"


@pytest.mark.parametrize("text", SEEN)
def test_seen(text: str) -> None:
    assert hidden_character(text) is None


@pytest.mark.parametrize("white", " \t\n\x0b\u0085\u00a0\u1680\u2003\u202f\u205f\u3000")
def test_white_space_around(white: str) -> None:
    padded = [white + "a", "a" + white]
    assert all(map(is_padded, padded))
    assert pl.Series(padded).str.contains(SUSPECT).all()
    assert not is_padded(f"a{white}b")


def test_every_character_that_python_calls_hidden_is_suspect_to_rust() -> None:
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    suspect = pl.Series([f"a{each}b" for each in characters]).str.contains(SUSPECT)
    missed = [
        each
        for each, is_suspect in zip(characters, suspect, strict=True)
        if not is_suspect and hidden_character(f"a{each}b")
    ]
    # Assigned since the version of Unicode that Python has.
    assert [each for each in missed if character_name(each).find("(") > 0] == []


def test_a_character_is_named() -> None:
    assert character_name("\u202e") == "U+202E (RIGHT-TO-LEFT OVERRIDE)"
    assert character_name("\x85") == "U+0085"


def test_the_quick_look_agrees_with_the_slow_one() -> None:
    characters = [each for each in map(chr, range(0x10000)) if each not in "\t\n\r"]
    quick = [each for each in characters if hidden_character(each) is None]
    assert quick == [each for each in characters if not hidden_characters._is_hidden(each, each, 0)]
