"""Characters that nobody sees, by their category in Unicode: in checks of every package, and ours.

Two texts that look alike are told apart by them. Some are lawful where they do what they are for:
joiners in Persian and in the scripts of India, in emoji too, and the marks of which flags are made.
"""

from __future__ import annotations

import re
import unicodedata

SUSPECT = (
    r"^\s|\s$"
    r"|[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\x{FFFC}\x{FFFD}\x{115F}\x{1160}\x{3164}\x{FFA0}"
    r"&&[^\t\n\r]]"
)
"""For Rust: white space around a text, or a character that ``hidden_character`` may mean."""

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
_LINES = "\t\n\r"
_LETTERS_OF_NOTHING = "\u115f\u1160\u3164\uffa0"
LOST = "\ufffc\ufffd"
"""What stands for something that was lost: an object, or a character that could not be read."""

_PRINTABLE_ALL_THE_SAME = re.compile(f"[{_LETTERS_OF_NOTHING}{LOST}]")

# Signs that stand above or around numbers and are seen, though their category is that of formats.
_SEEN = (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_JOINING_SCRIPTS = (
    (0x600, 0x109F),
    (0x1700, 0x1CFF),
    (0xA800, 0xABFF),
    (0xFB50, 0xFEFE),
    (0x10A00, 0x11FFF),
)
_BLACK_FLAG, _TAGS = "\U0001f3f4", re.compile("[\U000e0020-\U000e007e]*\U000e007f?")
# Ideographs and pictures are added to Unicode every year, and a font may be ahead of Python.
_GROWING = ((0x1F000, 0x1FAFF), (0x20000, 0x3FFFD))


def hidden_character(text: str) -> str | None:
    """The first character of a text that nobody sees, or that stands for one that was lost."""
    # Quick to tell, and most text.
    if text.isprintable() and not _PRINTABLE_ALL_THE_SAME.search(text):
        return None
    return next((each for at, each in enumerate(text) if _is_hidden(each, text, at)), None)


def is_padded(text: str) -> bool:
    """Whether white space of any kind stands around a text."""
    return text != text.strip()


def character_name(character: str) -> str:
    """A character for people, as ``U+202E (RIGHT-TO-LEFT OVERRIDE)``."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def _is_hidden(character: str, text: str, at: int) -> bool:
    if character in _LINES:
        return False
    if character in _LETTERS_OF_NOTHING or character in LOST:
        return True
    category = unicodedata.category(character)
    if category not in _HIDDEN_CATEGORIES:
        return False
    code = ord(character)
    if category == "Cf":
        return code not in _SEEN and not _is_at_work(character, text, at)
    if category == "Cn":
        return code & 0xFFFE == 0xFFFE or not _is_within(code, _GROWING)
    return True


def _is_at_work(character: str, text: str, at: int) -> bool:
    """Whether a joiner stands behind a letter that it shapes, or a tag behind its flag."""
    if "\U000e0020" <= character <= "\U000e007f":
        flag = text.rfind(_BLACK_FLAG, 0, at)
        return flag >= 0 and bool(_TAGS.fullmatch(text, flag + 1, at + 1))
    if character not in (_JOINER, _NON_JOINER) or not at:
        return False
    before, after = text[at - 1], text[at + 1 : at + 2]
    if unicodedata.category(before)[0] in "LM" and _is_within(ord(before), _JOINING_SCRIPTS):
        return True
    is_picture = before == "\ufe0f" or unicodedata.category(before) in ("So", "Sk")
    return character == _JOINER and is_picture and unicodedata.category(after or " ") == "So"


def _is_within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)
