"""What was mended, and why something could not be, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ycd_opendata.messages import mark, say
from ycd_opendata.repairs.mending import Repair
from ycd_opendata.shown import first_few, quoted

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
