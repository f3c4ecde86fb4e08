"""What a cell of a field was meant to be: known for certain, or only to be asked.

The one place that knows it, for workbooks and for ``ycd format``. A cell that is lawful stays as
it is. Else every way of mending it is tried, and what is not lawful for the field is no answer;
one that needs a guess is never taken, but offered.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Field, translations
from ycd_opendata.repairs.sheet_values import Cell, SheetValue, is_short, number_text
from ycd_opendata.repairs.written_days import Readings, readings_of_text, readings_of_value
from ycd_opendata.repairs.written_numbers import read_number
from ycd_opendata.shown import first_few, quoted

_MOST_EXACT = 10**15
_LONGEST_CODE = 30
_BOOLEANS = {
    True: ("true", "1", "yes", "y", "t", "on", "是", "真", "对", "有", "√"),
    False: ("false", "0", "no", "n", "f", "off", "否", "假", "错", "无", "×"),
}
# What nobody sees: it is never meant. The joiners are, in emoji and some scripts.
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad\u0000-\u0008\u000b\u000c\u000e-\u001f]")


@dataclass(frozen=True)
class Meant:
    """What a cell was meant to be: its text, and what was mended for that, "" if nothing was.

    Where that cannot be known, the text is None, ``kind`` says why, and ``choices`` what it may be.
    """

    text: str | None
    kind: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repair:
    """A cell that was mended, or a row that was left out: where, what it was, and what it is."""

    kind: str
    place: str
    before: str = ""
    after: str = ""


def category_names(field: Field) -> dict[str, str]:
    """The value of each label that only one category of a field has, in whatever language."""
    pairs = {
        (label, str(each.get("value")))
        for each in field.categories
        for label in translations(each, "label", "").values()
    }
    counts = Counter(label for label, _ in pairs)
    return {label: value for label, value in pairs if counts[label] == 1}


@dataclass(frozen=True)
class Mender:
    """Mends the cells of one field.

    ``is_lawful`` tells whether a text is a valid cell in the notation of the standard, ``is_valid``
    in whatever notation. ``labels`` are what people may write instead of a value, in every
    language; ``missing`` is what a cell without one is written as.
    """

    field: Field
    is_lawful: Callable[[str], bool]
    is_valid: Callable[[str], bool]
    labels: Mapping[str, str]
    missing: str = ""

    def mend(self, cell: Cell) -> Meant:
        """What a cell was meant to be."""
        if isinstance(cell, str):
            return self._text(cell)
        is_infinite = isinstance(cell.value, float) and not math.isfinite(cell.value)
        if cell.value is None or is_infinite:
            return Meant(None, "failed")
        found = self._value(cell)
        is_known = cell.is_formula and found.text is not None
        return Meant(found.text, "formulas") if is_known else found

    def _lawful(self, texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(each for each in dict.fromkeys(texts) if self.is_lawful(each))

    def _text(self, text: str) -> Meant:
        if self.is_lawful(text):
            return Meant(text)
        tidy = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()
        if tidy != text and (self.is_lawful(tidy) or not tidy):
            return Meant(tidy or self.missing, "spaces")
        for ways in (self._named, self._dated, self._counted, self._coded):
            found = ways(tidy)
            if found is not None:
                return found
        return Meant(text) if self.is_valid(text) else Meant(None, "unlawful")

    def _named(self, text: str) -> Meant | None:
        """A value that is written by its label, or in other letters."""
        if text in self.labels:
            return Meant(self.labels[text], "labels")
        if self.field.type == "boolean":
            plain = unicodedata.normalize("NFKC", text).lower()
            for value, words in _BOOLEANS.items():
                if plain in words:
                    return self._boolean(value)
        folded = _folded(text)
        known = {*self.labels.values(), *map(str, self.field.constraints.get("enum", ()))}
        near = {each for each in known if _folded(each) == folded}
        near |= {value for label, value in self.labels.items() if _folded(label) == folded}
        if len(near) == 1:
            return Meant(near.pop(), "labels")
        return None

    def _boolean(self, value: bool) -> Meant:
        raw = self.field.raw.get("trueValues" if value else "falseValues")
        words = raw or (("true",) if value else ("false",))
        return Meant(str(words[0]), "booleans")

    def _dated(self, text: str) -> Meant | None:
        if self.field.is_number:
            return None
        found = readings_of_text(text)
        if found.is_serial and not self.field.is_dated:
            return None
        return self._of_dates(found) if found.dates else None

    def _of_dates(self, found: Readings) -> Meant | None:
        dates = self._lawful(map(self._written, found.dates))
        if len(dates) == 1 and not found.is_open:
            return Meant(dates[0], "serials" if found.is_serial else "days")
        return Meant(None, "days", dates) if dates or self.field.is_dated else None

    def _written(self, day: str) -> str:
        """A partial date in the notation of the field."""
        is_day = len(day) == len("2022-05-01")
        if not is_day or self.field.type not in ("date", "datetime"):
            return day
        if self.field.format not in ("default", "any"):
            return date.fromisoformat(day).strftime(self.field.format)
        return f"{day}T00:00:00" if self.field.type == "datetime" else day

    def _counted(self, text: str) -> Meant | None:
        if not self.field.is_number:
            return None
        found = read_number(text, self.field.unit)
        texts = self._lawful(map(self._pointed, found.texts))
        if len(texts) == 1 and found.kind:
            return Meant(texts[0], found.kind)
        return Meant(None, "numbers", texts) if texts else None

    def _pointed(self, text: str) -> str:
        return text.replace(".", str(self.field.raw.get("decimalChar", ".")))

    def _coded(self, text: str) -> Meant | None:
        """A code in full-width letters, or without its leading zeros."""
        narrow = unicodedata.normalize("NFKC", text).strip()
        if self.field.is_code and narrow != text and self.is_lawful(narrow):
            return Meant(narrow, "full-width")
        padded = self._padded(narrow)
        if len(padded) == 1:
            return Meant(padded[0], "zeros")
        guesses = self._lawful((narrow.lower(), narrow.upper(), *self._spaced(narrow)))
        return Meant(None, "codes", (*padded, *guesses)) if padded or guesses else None

    def _padded(self, digits: str) -> tuple[str, ...]:
        if self.field.type != "string" or not re.fullmatch("[0-9]+", digits):
            return ()
        return self._lawful(digits.zfill(each) for each in range(len(digits) + 1, _LONGEST_CODE))

    @staticmethod
    def _spaced(text: str) -> Iterator[str]:
        for joined in ("", "-", "_"):
            yield re.sub(r"\s+", joined, text.lower())

    def _value(self, cell: SheetValue) -> Meant:
        value = cell.value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bool):
            if self.field.type == "boolean":
                return self._boolean(value)
            return self._one_of((str(value).upper(), str(value).lower(), str(int(value))), "types")
        if self.field.type == "datetime" and isinstance(value, datetime):
            return self._one_of((self._moment(value),), "days")
        if self.field.is_dated:
            return self._of_dates(readings_of_value(cell)) or Meant(None, "days")
        if isinstance(value, int | float):
            return self._number(cell, value)
        if isinstance(value, date):
            return self._ruined(cell, value)
        return self._one_of((str(value),), "types")

    def _one_of(self, texts: Iterable[str], kind: str) -> Meant:
        """The one of some texts that is lawful; several, or none, are to be asked about."""
        lawful = self._lawful(texts)
        return Meant(lawful[0], kind) if len(lawful) == 1 else Meant(None, kind, lawful)

    def _moment(self, value: datetime) -> str:
        is_usual = self.field.format in ("default", "any")
        return value.isoformat() if is_usual else value.strftime(self.field.format)

    def _number(self, cell: SheetValue, value: float) -> Meant:
        text = number_text(value)
        if abs(value) >= _MOST_EXACT:
            return Meant(None, "digits", self._lawful((text,)))
        if self.field.is_number:
            if "%" in cell.form or cell.shown.endswith("%"):
                return Meant(None, "numbers", self._lawful((number_text(value * 100), text)))
            pointed = self._pointed(text)
            if self.is_lawful(pointed):
                return Meant(pointed, "" if isinstance(value, int) or is_short(value) else "noise")
            return Meant(None, "unlawful")
        # A format of zeros is how a spreadsheet shows a code that it keeps as a number.
        shown = text.zfill(len(cell.form)) if re.fullmatch("0{2,}", cell.form) else text
        if self.is_lawful(shown):
            return Meant(shown, "types")
        return self._one_of(self._padded(text), "zeros")

    def _ruined(self, cell: SheetValue, value: date) -> Meant:
        """A day where none belongs: ``5-1`` or ``3.10`` was typed, and the program knew better."""
        if "pattern" in self.field.constraints:
            found = self._of_dates(readings_of_value(cell))
            if found is not None:
                return found
        parts = (value.month, value.day)
        texts = (f"{one}{mark}{other}" for mark in "-/." for one, other in (parts, parts[::-1]))
        days = () if self.field.is_number else (value.strftime("%Y-%m-%d"),)
        return Meant(None, "days", self._lawful((*days, *texts)))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


_REPAIRS = {
    "blank-rows": mark("blank rows were left out"),
    "booleans": mark("words for true and false were written as the table does"),
    "days": mark("days were written as the table does"),
    "formulas": mark("formulas were replaced by their values"),
    "full-width": mark("full-width digits and letters were made plain"),
    "labels": mark("names of categories and records were replaced by what they stand for"),
    "noise": mark("digits that only the computer made were dropped"),
    "separators": mark("separators of thousands were dropped"),
    "serials": mark("numbers of days were turned back into dates"),
    "spaces": mark("spaces and invisible characters around values were dropped"),
    "types": mark("numbers and truth values were taken as the text that they show"),
    "units": mark("words that count were dropped behind numbers"),
    "zeros": mark("leading zeros were put back"),
}
_QUESTIONS = {
    "accept": mark("it says neither yes nor no"),
    "asked": mark("the suggestion is accepted, and only you can say what it asks for"),
    "booleans": mark("it may be several texts"),
    "changed-since": mark(
        "the record changed in the workbook and, since that was made, in the package"
    ),
    "deleted-since": mark(
        "its row was deleted in the workbook, and the record changed in the package since"
    ),
    "codes": mark("it is none of the codes that the field allows"),
    "days": mark("it may be several dates, or none that the field allows"),
    "digits": mark("a spreadsheet keeps fifteen digits of a number, and this one had more"),
    "failed": mark("the cell holds an error, or a formula without a value"),
    "key-missing": mark("the row has no key"),
    "key-twice": mark("more than one row has this key"),
    "names": mark("it names no record, or several"),
    "numbers": mark("it may be several numbers, or more than a number"),
    "required": mark("it is empty, and the field has to be filled"),
    "types": mark("it is no text, and may stand for several"),
    "unlawful": mark("the field does not allow it"),
    "zeros": mark("leading zeros are missing, or digits"),
}


def repair_lines(repairs: Sequence[Repair]) -> Iterator[str]:
    """What was mended, a line a kind, with the first places."""
    by_kind: dict[str, list[Repair]] = {}
    for each in repairs:
        by_kind.setdefault(each.kind, []).append(each)
    for kind, those in sorted(by_kind.items()):
        places = first_few([*map(_shown_repair, those)])
        yield f"{len(those):,} × {say(_REPAIRS[kind])}{say(': ')}{places}"


def _shown_repair(each: Repair) -> str:
    if not each.before and not each.after:
        return each.place
    return f"{each.place} {quoted(each.before)} -> {quoted(each.after)}"


def why_unsure(kind: str) -> str:
    """Why it cannot be known what a cell or record was meant to be."""
    return say(_QUESTIONS[kind])
