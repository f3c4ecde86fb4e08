"""What changes say on pages: words for codes, names for references, and where texts differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from site_pages import read_page
from sites import HOSTILE

from ycd_opendata.site.changed_words import ChangedWords, Side
from ycd_opendata.site.content import Content
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.table_lists import table_listing
from ycd_opendata.site.versions import version_pages

LONG = "It was planned in three parts, of which the first was opened early, and the second "
REST = "; the third was given up before its foundations had been laid, as everybody knew."


def words_of(content: Content, lang: str = "en") -> ChangedWords:
    return ChangedWords(Renderer(content, lang, table_listing))


def text_of(side: Side) -> str:
    return f"{side.start.text}[{side.differing.text}]{side.end.text}"


@pytest.mark.parametrize(
    ("field", "before", "en", "zh"),
    [
        ("comparator", "ge", "at least", "不低于"),
        ("due_on", "2022-12-31", "31 Dec 2022", "2022年12月31日"),
        ("value", "120000", "120,000", "120,000"),
        ("region_id", "CN-ZJ", "Zhejiang", "浙江省"),
        ("region_id", "CN-GONE", "CN-GONE", "CN-GONE"),
        ("no_column_now", "2022-12-31", "2022-12-31", "2022-12-31"),
        ("comparator", "no_code_now", "no_code_now", "no_code_now"),
        ("value.type", "string", "string", "文本"),
        ("type", "string", "string", "string"),
    ],
)
def test_a_value_is_said_as_on_other_pages(
    small_content: Content, field: str, before: str, en: str, zh: str
) -> None:
    for lang, said in (("en", en), ("zh", zh)):
        old, new = words_of(small_content, lang).sides("targets", field, before, None)
        assert old.differing.text == said
        assert text_of(new) == {"en": "(empty)[]", "zh": "（空）[]"}[lang]
        assert bool(old.href) == (before == "CN-ZJ")


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("late", "later", "[late]", "[later]"),
        (f"{LONG}late{REST}", f"{LONG}later{REST}", "second [late]; the", "second [later]; the"),
        ("a very long name of one", "something that is new", "[a very", "[something"),
        (LONG * 2, f"{LONG * 2}late.", "and the second []", "and the second [late.]"),
        ("一" * 90, "一" * 90 + "二", f"…{'一' * 60}[]", f"…{'一' * 60}[二]"),
        ("a" * 900, "b" * 900, f"[{'a' * 400}…]", f"[{'b' * 400}…]"),
    ],
)
def test_a_long_text_is_shown_from_a_little_before_where_it_differs(
    small_content: Content, before: str, after: str, old: str, new: str
) -> None:
    for lang in ("en", "zh"):
        sides = words_of(small_content, lang).sides("targets", "phrase", before, after)
        for said, wanted in zip(map(text_of, sides), (old, new), strict=True):
            assert wanted in said
            assert len(said) < 540


def change(kind: str, table: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "table": table,
        "key": {},
        "field": "",
        "before": None,
        "after": None,
    } | more


CHANGES = [
    change("table-removed", "old_things", before="Things of old"),
    change(
        "field-removed", "regions", field="was_here", before={"name": "was_here", "type": "any"}
    ),
    change("metadata-changed", "regions", field="level.description", before="One.", after="Two."),
    change("constraint-tightened", "regions", field="level", after={"required": True}),
    change("type-changed", "regions", field="level", before="string", after="integer"),
    change(
        "record-removed",
        "domains",
        key={"domain_id": "x"},
        before={"domain_id": "x", "name_en": HOSTILE[0]},
    ),
    change("record-removed", "gone", key={"id": "b"}, before={"id": "b", "n": "2"}),
    change("record-changed", "gone", key={"id": "a"}, field="n", before="1", after=HOSTILE[2]),
    change("row-added", "gone", after={"day": "2022", "what": HOSTILE[1]}),
    change("something-new", "regions", field="level", before=[1, None], after=[{"a": False}]),
    *(
        change("record-changed", "regions", key={"region_id": "CN-ZJ"}, field="level", after="city")
        for _ in range(1100)
    ),
]


def test_changes_of_what_is_gone_and_very_many_are_listed(
    small_content: Content, tmp_path: Path
) -> None:
    releases = [{"version": each, "date": "2026-12-01"} for each in ("1.1.0", "1.0.0")]
    changes = {"1.1.0": {"old": "1.0.0", "changes": CHANGES}}
    content = replace(small_content, releases=releases, changes=changes)
    pages = {}
    for lang in ("en", "zh"):
        made = dict(version_pages(Renderer(content, lang, table_listing)))
        path = tmp_path / f"{lang}.html"
        path.write_text(made[f"{lang}/versions/1.1.0.html"], "utf-8")
        pages[lang] = read_page(path)
    page = pages["en"]
    for said in (
        "Things of old: description 1",
        "column removed Was here was_here Name: was_here; Type: any",
        "description Level: Description level.description One. Two.",
        "limit tightened Level level Required: Yes",
        f"{HOSTILE[0]} x",
        "Gone: removed 1 b Gone: changed 1",
        f"a N n 1 {HOSTILE[2]}",
        f"Day: 2022; What: {HOSTILE[1]}",
        "something new Level level 1, (empty) A: No",
        "Regions: changed 1,100 1–100 101–200",
        "100 more are in the JSON file.",
    ):
        assert said in page.text, said
    assert {"group-1", "group-7-901"} <= {*page.ids}
    chinese = pages["zh"].text
    assert "限制收紧 层级 level 必填：是" in chinese
    assert "层级 level 文本 整数" in chinese
    assert "tightened" not in chinese
