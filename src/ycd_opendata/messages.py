"""What is said to people, in their language: English, which stands in the code, or Chinese.

A message is a template and the values for its gaps. The template is its English text and is looked
up in the catalogue ``locale/zh/LC_MESSAGES/ycd.po``, so English needs no catalogue. What is written
into a release or read by programs is not said with this: it is the same wherever it is made.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

VARIABLE = "YCD_LANG"
"""The environment variable that names the language, for worker processes too."""

DOMAIN = "ycd"
CATALOGUES = Path(__file__).parent / "locale"

_OF_THE_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_CHINESE = 0x04
"""The number of Chinese among the primary languages of Windows."""


def say(template: str, /, **values: object) -> str:
    """A message in the language of the reader, with its gaps filled in.

    Only the template is read for gaps: braces in a value stay as they are.
    """
    text = (_Speaker.now or _in_use()).one(template)
    return text.format(**values) if values else text


def say_of(number: int, one: str, many: str, /, **values: object) -> str:
    """A message that differs by a number, which fills the gap ``{number}``."""
    return _in_use().by_number(one, many, number).format(number=number, **values)


def counted(number: int, noun: str) -> str:
    """A number with its noun, such as ``1 table`` or ``12 rows``."""
    return say_of(number, f"{{number:,}} {noun}", f"{{number:,}} {noun}s")


def reason_of(error: Exception) -> str:
    """Why the system, or whoever else raised it, refuses something."""
    if isinstance(error, OSError) and error.strerror:
        return say(error.strerror)
    # Of a whole folder Python lists each file that could not be copied, as (from, to, why).
    listed = error.args[0] if error.args else None
    return str(listed[0][-1]) if isinstance(listed, list) else str(error)


def mark(template: str, /) -> str:
    """Note a template for the catalogue where it stands, to be said later."""
    return template


def language() -> Language:
    """The language in which messages are said."""
    return _in_use().language


def speak(chosen: Language) -> None:
    """Say messages in this language from now on, in processes that are started too."""
    os.environ[VARIABLE] = chosen
    _Speaker.now = None


@contextmanager
def spoken(chosen: Language) -> Iterator[None]:
    """Say messages in this language for a while."""
    before = _Speaker.now
    _Speaker.now = _speaker(chosen)
    try:
        yield
    finally:
        _Speaker.now = before


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that an environment asks for: ``YCD_LANG``, else the locale."""
    for name in (VARIABLE, *_OF_THE_LOCALE):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return _of_windows() if sys.platform == "win32" else "en"


def _of_windows() -> Language:
    import ctypes

    number: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()  # type: ignore[attr-defined]
    return "zh" if number & 0x3FF == _CHINESE else "en"


class _Speaker:
    """How templates become texts of one language."""

    now: _Speaker | None = None

    def __init__(
        self,
        language: Language,
        one: Callable[[str], str],
        by_number: Callable[[str, str, int], str],
    ) -> None:
        self.language = language
        self.one = one
        self.by_number = by_number


def _in_use() -> _Speaker:
    if _Speaker.now is None:
        _Speaker.now = _speaker(language_of(os.environ))
    return _Speaker.now


def _speaker(language: Language) -> _Speaker:
    if language == "en":
        return _Speaker("en", str, lambda one, many, number: one if number == 1 else many)
    from gettext import translation

    found = translation(DOMAIN, CATALOGUES, [language])
    # To gettext, the translation of nothing is what the catalogue says of itself.
    return _Speaker(language, lambda text: text and found.gettext(text), found.ngettext)
