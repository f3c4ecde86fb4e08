"""What the site says in each of its two languages, and which language a text is in.

Texts of the pages are in ``texts.toml``. Names of tables, columns and categories come from the
descriptor, which may have them in several languages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from ycd_opendata.package.model import Field, Resource, in_language

Lang = Literal["en", "zh"]
LANGUAGES: tuple[Lang, ...] = ("en", "zh")

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_HAN_RUN = re.compile(r"([\u3400-\u9fff][\u3400-\u9fff\u3000-\u303f\uff01-\uff60]*)")
_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Words(NamedTuple):
    """A text and the language that it is in; "" where that is the page's, or there is none.

    A tuple, as a site has millions of them and a data class takes three times as long to make.
    """

    text: str
    lang: str = ""


def joined(words: Iterable[Words]) -> str:
    """The text of some words, whatever language each is in."""
    return "".join(each.text for each in words)


def without_id(label: Words) -> Words:
    """The label of a column that leads to a record: where that has its name, it is no id."""
    text = label.text.removesuffix(" id").removesuffix(" ID").removesuffix("编号")
    return Words(text or label.text, label.lang)


def language_of(text: str) -> str:
    """The language of a text that does not say it: a Chinese one may hold some Latin words."""
    characters = len(_HAN.findall(text))
    return "zh" if characters and characters >= len(_LATIN_WORD.findall(text)) else "en"


@lru_cache
def texts(folder: Path | None = None) -> Mapping[str, Mapping[str, Any]]:
    """The texts of the site by section and name, an owner's in the place of the site's."""
    found = _read_texts(Path(__file__).parent)
    if folder is not None:
        for section, named in _read_texts(folder).items():
            found[section] = {**found.get(section, {}), **named}
    return found


def _read_texts(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "texts.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


class Wording:
    """The site's words in one language; ``folder`` holds an owner's texts."""

    def __init__(self, lang: str, folder: Path | None = None) -> None:
        self.lang = lang
        self._dates: dict[str, str] = {}
        self._parts = {
            f"{section}.{name}": str(each[lang])
            for section, named in texts(folder).items()
            for name, each in named.items()
            if isinstance(each, Mapping) and lang in each
        }

    def text(self, key: str, **values: object) -> str:
        """A text of the site, ``section.name``, with its gaps filled in."""
        text = self._parts[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether the site has such a text."""
        return key in self._parts

    def words(self, text: str, lang: str) -> Words:
        """A text that is in a language whatever the page's is."""
        return Words(text, "" if lang == self.lang else lang)

    def source_words(self, text: str) -> Words:
        """Words that stand in a source."""
        return self.words(text, language_of(text))

    def pieces(self, words: Words) -> tuple[Words, ...]:
        """English words taken apart where Chinese stands in them."""
        if (words.lang or self.lang) != "en" or not _HAN.search(words.text):
            return (words,)
        parts = [each for each in _HAN_RUN.split(words.text) if each]
        return tuple(
            self.words(each, "zh") if _HAN.match(each) else Words(each, words.lang)
            for each in parts
        )

    def pair(self, row: Mapping[str, str], stem: str) -> Words:
        """A text that a record has in both languages, in the other one if need be.

        A column without a language in its name is in the one that no other column is in.
        """
        for lang in (self.lang, *LANGUAGES):
            text = row.get(f"{stem}_{lang}", row.get(stem, ""))
            if text:
                return self.words(text, lang)
        return Words("")

    def original(self, row: Mapping[str, str], stem: str) -> Words:
        """The Chinese of a text for an English page; a Chinese one needs no English beside it."""
        text = row.get(f"{stem}_zh", row.get(stem, ""))
        is_told = self.lang == "zh" or text == self.pair(row, stem).text
        return Words("") if is_told else self.words(text, "zh")

    def category(self, field: Field, value: str) -> Words:
        """What a category is called: its label in the schema."""
        for each in field.categories:
            if str(each["value"]) == value and each.get("label"):
                return self.translated(each, "label") or self.words(str(each["label"]), "en")
        return Words(value)

    def translated(self, raw: Mapping[str, Any], key: str) -> Words | None:
        """A text of a descriptor in the page's language; None where it has no translations."""
        if any(name.startswith(f"{key}@") for name in raw):
            return Words(in_language(raw, key, self.lang))
        return None

    def column(self, field: Field) -> Words:
        """A column's title: the schema's, or its name in words."""
        translated = self.translated(field.raw, "title")
        if translated is not None:
            return translated
        if self.lang == "zh" or not _HAN.search(field.title):
            return self.words(field.title or readable(field.name), language_of(field.title))
        return Words(readable(field.name))

    def table(self, resource: Resource) -> Words:
        """A table's title, in the same way."""
        translated = self.translated(resource.raw, "title")
        if translated is not None:
            return translated
        name, title = resource.name, resource.title
        if self.lang == "zh" or (title and not _HAN.search(title)):
            return self.words(title or readable(name), language_of(title))
        return Words(readable(name))

    def about(self, resource: Resource) -> Words:
        """What a table holds."""
        translated = self.translated(resource.raw, "description")
        return translated or self.source_words(resource.description)

    def date(self, partial: str) -> str:
        """A partial date as people write it, no more precise than it is."""
        if partial not in self._dates:
            self._dates[partial] = self._date(partial)
        return self._dates[partial]

    def _date(self, partial: str) -> str:
        match = _PARTIAL_DATE.fullmatch(partial)
        if match is None or not 1 <= int(match[2] or 1) <= 12:
            return partial
        year, month, day = match.groups()
        if self.lang == "zh":
            parts = [
                f"{year}年",
                f"{int(month)}月" if month else "",
                f"{int(day)}日" if day else "",
            ]
            return "".join(parts)
        parts = [str(int(day)) if day else "", _MONTHS[int(month) - 1] if month else "", year]
        return " ".join(each for each in parts if each)

    def period(self, start: str, end: str) -> str:
        """Two partial dates as a period; one where there is one."""
        dates = [self.date(each) for each in dict.fromkeys((start, end)) if each]
        return "–".join(dates) if len(dates) < 2 or self.lang == "en" else "至".join(dates)

    def number(self, value: float) -> str:
        """A count with its thousands apart."""
        return f"{value:,}"

    def amount(self, text: str) -> str:
        """A number of a table; a whole one of four digits may be a year and stays as it is."""
        whole, point, fraction = text.partition(".")
        is_year = not point and len(whole.removeprefix("-")) < 5
        if not _NUMBER.fullmatch(text) or is_year or whole.removeprefix("-").startswith("0"):
            return text
        return f"{int(whole):,}{point}{fraction}"

    def address(self, url: str) -> str:
        """A web address as people read it: host and path, decoded, a long one cut in its middle."""
        _, host, path = url.partition(urlsplit(url).netloc)
        try:
            decoded = unquote(path, errors="strict")
        except UnicodeDecodeError:
            decoded = path
        # Nothing that cannot be seen, or would seem to end the address.
        shown = host + (decoded if decoded.isprintable() and " " not in decoded else path)
        return shown if len(shown) <= 100 else f"{shown[:70]}…{shown[-25:]}"

    def size(self, number: int) -> str:
        """A size in bytes as people read it."""
        if number < 1000:
            return f"{number}\u00a0B"
        scaled, unit = (number / 1000, "kB") if number < 999_500 else (number / 1_000_000, "MB")
        return f"{scaled:.1f}\u00a0{unit}" if scaled < 10 else f"{scaled:,.0f}\u00a0{unit}"


def readable(name: str) -> str:
    """The name of a column or table in words, such as "Due on"."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
