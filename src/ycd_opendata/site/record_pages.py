"""The page of each record, the record as JSON, and what is left of one that was retired."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from ycd_opendata.loader.retired import RETIRED
from ycd_opendata.site.changed_words import ChangedWords, Side
from ycd_opendata.site.citing import cited
from ycd_opendata.site.content import Content, Table, file_name
from ycd_opendata.site.history import Event, Histories
from ycd_opendata.site.listing import Listing, ListRow
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.rendering import File, Linked, Renderer, Text, safe_url
from ycd_opendata.site.wording import Wording, Words

_ISSUES = {
    "github.com": "/issues/new?title=",
    "codeberg.org": "/issues/new?title=",
    "gitlab.com": "/-/issues/new?issue%5Btitle%5D=",
    "gitee.com": "/issues/new?issue%5Btitle%5D=",
}
"""Where a host of repositories takes reports, with their title."""

_JSON = json.JSONEncoder(ensure_ascii=False).encode

_FILES = {
    "github.com": "/blob/HEAD/",
    "gitlab.com": "/-/blob/HEAD/",
}
"""Where a host shows a file with a button to edit it, on whatever branch is the usual one."""


@dataclass(frozen=True)
class Fact:
    """A column and its value; ``href`` is a page of the site, ``url`` one on the web."""

    label: Words
    words: tuple[Words, ...]
    href: str = ""
    url: str = ""


@dataclass(frozen=True)
class SectionChart:
    """What the records of a section are over time: a title, and the picture in two sizes."""

    title: str
    svg: Markup


@dataclass(frozen=True)
class Section:
    """Other records that belong to one: the first of them, how many, and where all are.

    ``without`` are the columns of the list that the page says anyway; ``chart`` is there
    where they are figures over time.
    """

    title: str
    listing: Listing
    rows: Sequence[ListRow]
    count: int
    without: tuple[str, ...]
    more: str
    chart: SectionChart | None = None


@dataclass(frozen=True)
class RecordView:
    """What the page of a record shows beside its history.

    Attributes
    ----------
    title, subtitle, lead : Words
        What it is called, the same in another language, and what it is in a sentence.
    kicker : sequence of Linked
        What tells records of one name apart.
    crumbs : sequence of Linked
        What it is part of, the widest first.
    facts : tuple of Fact
    sections : tuple of Section
    shown : mapping
        What a template of an owner is given beside these.
    files : iterable
        What is written beside the page.
    """

    title: Words
    subtitle: Words
    lead: Words
    kicker: Sequence[Linked]
    crumbs: Sequence[Linked]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    shown: Mapping[str, Any] = field(default_factory=dict)
    files: Iterable[File] = ()


ViewOf = Callable[[Renderer, Table, Row], RecordView]


@dataclass(frozen=True)
class ShownEvent:
    """An event of a record's history in words."""

    version: str
    date: str
    what: str
    before: Side
    after: Side


def record_pages(page: Renderer, histories: Histories, view_of: ViewOf) -> Iterator[File]:
    """The page of each record with what is written beside it; ``view_of`` says what it shows."""
    words = ChangedWords(page)
    for name in page.content.record_tables:
        table = page.content.tables[name]
        for row in table.rows:
            events = histories.of(name, row[table.key])
            history = [_shown_event(words, table, each, page.wording) for each in events]
            view = view_of(page, table, row)
            yield _record_page(page, history, view, table, row)
            yield from view.files
    yield from _retired_pages(page)


def record_json(content: Content, histories: Histories) -> Iterator[Text]:
    """The path and text of each record as JSON: itself, what its owner adds, and its history."""
    additions = content.additions
    for name in content.record_tables:
        if f"json/{name}.json" not in content.files:
            continue
        table = content.tables[name]
        for record, row in zip(_typed(content, name), table.rows, strict=True):
            key = row[table.key]
            value = {"table": name, "version": content.package.version, "record": record}
            if additions is not None and additions.record_json is not None:
                value |= additions.record_json(content, name, key)
            value["history"] = [asdict(each) for each in histories.of(name, key)]
            yield json_path(name, key), json_lines(value)


def _typed(content: Content, name: str) -> Iterator[Any]:
    """The records of the table's JSON file, which has one a line: never all of them at once."""
    with (content.package.root / "json" / f"{name}.json").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("{"):
                yield json.loads(line.rstrip(",\n"))


def json_lines(value: Mapping[str, Any]) -> str:
    """An object as JSON with a line for each of its members.

    Indented through and through it would be written by Python and not by C, ten times as slowly.
    """
    members = (f"{json.dumps(name)}: {_JSON(each)}" for name, each in value.items())
    return "{\n" + ",\n".join(members) + "\n}\n"


def json_path(table: str, key: str) -> str:
    """Where a record's JSON stands in the catalogue."""
    return f"records/{file_name(table)}/{file_name(key)}.json"


def _record_page(
    page: Renderer, history: Sequence[ShownEvent], view: RecordView, table: Table, row: Row
) -> Text:
    name, key, content = table.name, row[table.key], page.content
    listing = page.listing(content.record_tables[name])
    has_json = f"json/{name}.json" in content.files
    place = content.record_place(name, key)
    return page.page(
        "record.html",
        place,
        table=name,
        key=key,
        kind=_kind(page, name),
        record=view,
        list_title=listing.title,
        list_href=content.list_place(listing.name),
        json_path=json_path(name, key) if has_json else "",
        report_url=_report_url(content, name, key),
        edit_url=_edit_url(content, name),
        citation=cited(page, view.title.text, f"{page.lang}/{place}"),
        history=history,
        **view.shown,
    )


def _report_url(content: Content, name: str, key: str) -> str:
    """Where an error in a record is reported: the repository's issues, where it has them."""
    repository = safe_url(content.settings.repository).rstrip("/")
    host = urlsplit(repository).netloc
    asked = _ISSUES.get(host)
    return f"{repository}{asked}{quote(f'{name} {key}')}" if asked else repository


def _edit_url(content: Content, name: str) -> str:
    """Where the file of a table can be edited: in the repository, where its host is known."""
    repository = safe_url(content.settings.repository).rstrip("/")
    file = _FILES.get(urlsplit(repository).netloc)
    path = content.source_paths.get(name, "")
    return f"{repository}{file}{quote(path)}" if file and path else ""


def _kind(page: Renderer, name: str) -> Words:
    """What one record of a table is called, or the table where nobody says."""
    if page.wording.has(f"record.{name}"):
        return Words(page.wording.text(f"record.{name}"))
    return page.wording.table(page.content.tables[name].resource)


def _shown_event(words: ChangedWords, table: Table, event: Event, wording: Wording) -> ShownEvent:
    name = words.field(table.name, event.field).text if event.field else ""
    text = wording.text(f"record.was_{event.kind}", field=name, old=event.before)
    sides = (Side(), Side())
    if event.kind == "changed":
        sides = words.sides(table.name, event.field, event.before or None, event.after or None)
    return ShownEvent(event.version, event.date, text, *sides)


def _retired_pages(page: Renderer) -> Iterator[Text]:
    """A page for each id that is no longer used, so that an old address still leads on."""
    content = page.content
    for row in content.tables[RETIRED].rows if RETIRED in content.tables else ():
        name, key, new = row["table"], row["id"], row["replaced_by"]
        if name not in content.record_tables or content.tables[name].row(key) is not None:
            continue
        href = content.record_place(name, new)
        yield page.page(
            "retired.html",
            content.place_of_key(name, key),
            kind=_kind(page, name),
            key=key,
            since=row["since_version"],
            reason=page.wording.pair(row, "reason"),
            replaced=page.record_name(name, new) if href else Words(""),
            replaced_href=href,
        )
