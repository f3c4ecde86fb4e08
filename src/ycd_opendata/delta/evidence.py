"""The evidence of each record, and whether its words stand in the text of their source.

The texts themselves are not shipped: a phrase is a few words, enough to find the place again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ycd_opendata.errors import PackageError
from ycd_opendata.loader.loading import load_table
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package

_WITH_PHRASES = ("initiatives", "targets", "outcomes", "dates")
_IDS = ("initiative_id", "target_id", "outcome_id", "date_id")
_QUOTES = str.maketrans(dict.fromkeys('“”„‟"『』「」〝〞', '"') | dict.fromkeys("‘’‚‛'", "'"))
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Evidence:
    """One source's words for or against a record: ``stance`` is supports or contradicts."""

    table: str
    record_id: str
    source_id: str
    stance: str
    reported: str
    phrase: str


def evidence_of(package: Package) -> list[Evidence]:
    """Every record's own source and phrase, followed by its further evidence."""
    found: dict[tuple[str, str], list[Evidence]] = {}
    for table, id_field in zip(_WITH_PHRASES, _IDS, strict=True):
        frame = load_table(package, table)
        columns = (frame[id_field], frame["source_id"], frame["phrase"])
        for record_id, source_id, phrase in zip(*columns, strict=True):
            own = Evidence(table, record_id, source_id, "supports", "", phrase)
            found[table, record_id] = [own]
    rows = load_table(package, "evidence").astype(object)
    for row in rows.where(rows.notna(), "").to_dict("records"):
        for table, id_field in zip(_WITH_PHRASES, _IDS, strict=True):
            if row[id_field]:
                rest = (row["source_id"], row["stance"], row["reported"], row["phrase"])
                found[table, row[id_field]].append(Evidence(table, row[id_field], *rest))
    return [each for listed in found.values() for each in listed]


def not_in_texts(evidence: list[Evidence], folder: Path) -> Iterator[tuple[Evidence, str]]:
    """Each phrase that does not stand in its source's text, and why.

    A text is ``<source_id>.txt``, UTF-8. Texts are compared in Unicode's compatibility form
    (NFKC), without white space and without regard to the style of quotation marks.

    Raises PackageError where the folder is not there, or a text is not UTF-8.
    """
    if not folder.is_dir():
        raise PackageError(
            say("no such folder: {folder!r}", folder=str(folder)),
            say("name the folder with the texts"),
        )
    texts: dict[str, str | None] = {}
    for each in evidence:
        if each.source_id not in texts:
            texts[each.source_id] = _text(folder / f"{each.source_id}.txt")
        text = texts[each.source_id]
        if text is None:
            yield each, "no text"
        elif comparable(each.phrase) not in text:
            yield each, "not in the text"


def comparable(text: str) -> str:
    """A text as it is compared: NFKC, without white space, one style of quotation marks."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)


def _text(path: Path) -> str | None:
    try:
        return comparable(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise PackageError(
            say("{path!r} is not UTF-8", path=path.name), say("save it as UTF-8")
        ) from error
