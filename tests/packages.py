"""Packages for tests: copies of the repository's, and a small one with every table filled.

The small package's figures are made up for the tests and are published nowhere.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

Row = dict[str, str]

ARTICLE = "yrd-article-2022"

SMALL: dict[str, list[Row]] = {
    "regions": [
        {
            "region_id": "YRD",
            "level": "delta",
            "name_zh": "长三角",
            "name_en": "Delta",
            "id_prefix": "yrd",
        },
        {
            "region_id": "CN-SH",
            "level": "province",
            "parent_id": "YRD",
            "name_zh": "上海市",
            "name_en": "Shanghai",
            "gb2260": "310000",
            "id_prefix": "sh",
        },
        {
            "region_id": "CN-ZJ",
            "level": "province",
            "parent_id": "YRD",
            "name_zh": "浙江省",
            "name_en": "Zhejiang",
            "gb2260": "330000",
            "id_prefix": "zj",
        },
        {
            "region_id": "CN-310115",
            "level": "district",
            "parent_id": "CN-SH",
            "name_zh": "浦东新区",
            "name_en": "Pudong",
            "gb2260": "310115",
            "id_prefix": "pudong",
        },
    ],
    "sources": [
        {
            "source_id": ARTICLE,
            "region_id": "YRD",
            "kind": "article",
            "title_zh": "文章",
            "title_en": "Article",
            "publisher": "someone",
            "published_on": "2022-05-12",
            "reliability": "secondary",
        },
        {
            "source_id": "zj-spare-2021",
            "region_id": "CN-ZJ",
            "kind": "plan",
            "title_zh": "规划",
            "title_en": "Plan",
            "publisher": "office",
            "document_number": "1号",
            "published_on": "2021",
            "url": "https://example.org/plan",
            "reliability": "official",
            "note_zh": "备用。",
            "note_en": "Spare.",
        },
        {
            "source_id": "zj-plan-2023",
            "region_id": "CN-ZJ",
            "kind": "plan",
            "title_zh": "新规划",
            "title_en": "New plan",
            "publisher": "office",
            "published_on": "2023",
            "reliability": "official",
        },
        {
            "source_id": "zj-old-2020",
            "region_id": "CN-ZJ",
            "kind": "plan",
            "title_zh": "旧规划",
            "title_en": "Old plan",
            "publisher": "office",
            "published_on": "2020",
            "reliability": "official",
        },
    ],
    "domains": [
        {
            "domain_id": "economy",
            "name_zh": "经济",
            "name_en": "Economy",
            "description_zh": "全部。",
            "description_en": "All of it.",
        },
        {
            "domain_id": "industry",
            "parent_id": "economy",
            "name_zh": "工业",
            "name_en": "Industry",
            "description_zh": "一部分。",
            "description_en": "A part.",
        },
    ],
    "units": [
        {
            "unit_id": "factories",
            "name_zh": "家工厂",
            "name_en": "factories",
            "base_unit_id": "factories",
            "factor": "1",
        },
        {
            "unit_id": "hundred-things",
            "name_zh": "百件",
            "name_en": "100 things",
            "base_unit_id": "things",
            "factor": "100",
        },
        {
            "unit_id": "percent",
            "name_zh": "%",
            "name_en": "%",
            "symbol": "%",
            "base_unit_id": "percent",
            "factor": "1",
        },
        {
            "unit_id": "things",
            "name_zh": "件",
            "name_en": "things",
            "base_unit_id": "things",
            "factor": "1",
        },
    ],
    "initiatives": [
        {
            "initiative_id": "sh-2022-spare",
            "region_id": "CN-SH",
            "domain_id": "economy",
            "name_zh": "备用",
            "name_en": "Spare",
            "summary_en": "A spare one.",
            "summary_zh": "备用的一项。",
            "starts_on": "2022",
            "ends_on": "2023-06",
            "source_id": ARTICLE,
            "locator": "p. 1",
            "phrase": "备用",
        },
        {
            "initiative_id": "zj-2022-works",
            "region_id": "CN-ZJ",
            "domain_id": "economy",
            "name_zh": "工程",
            "name_en": "Works",
            "summary_en": "Works.",
            "summary_zh": "工程。",
            "source_id": ARTICLE,
            "phrase": "工程",
        },
    ],
    "indicators": [
        {
            "indicator_id": "factories",
            "domain_id": "economy",
            "family": "factories",
            "name_zh": "工厂数",
            "name_en": "Factories",
            "unit_id": "factories",
            "measure": "stock",
            "scope_zh": "全部工厂。",
            "scope_en": "All factories.",
            "price_basis": "not_applicable",
            "direction": "more",
        },
        {
            "indicator_id": "growth",
            "domain_id": "economy",
            "family": "growth",
            "name_zh": "增速",
            "name_en": "Growth",
            "unit_id": "percent",
            "measure": "growth_rate",
            "scope_zh": "全部。",
            "scope_en": "All of it.",
            "price_basis": "real",
            "direction": "more",
        },
        {
            "indicator_id": "online-share",
            "domain_id": "economy",
            "family": "online",
            "name_zh": "占比",
            "name_en": "Share online",
            "unit_id": "percent",
            "measure": "share",
            "scope_zh": "全部事项。",
            "scope_en": "All matters.",
            "price_basis": "not_applicable",
            "direction": "more",
        },
        {
            "indicator_id": "spare-count",
            "domain_id": "economy",
            "family": "spare",
            "name_zh": "备用",
            "name_en": "Spare",
            "unit_id": "things",
            "measure": "flow",
            "scope_zh": "备用件。",
            "scope_en": "Spare things.",
            "price_basis": "not_applicable",
            "direction": "less",
        },
    ],
    "targets": [
        {
            "target_id": "zj-2022-a-factories",
            "region_id": "CN-ZJ",
            "initiative_id": "zj-2022-works",
            "indicator_id": "factories",
            "comparator": "ge",
            "value": "15",
            "due_on": "2022",
            "strength": "not_stated",
            "source_id": ARTICLE,
            "phrase": "15家以上",
        },
        {
            "target_id": "zj-2022-b-growth",
            "region_id": "CN-ZJ",
            "initiative_id": "zj-2022-works",
            "indicator_id": "growth",
            "comparator": "eq",
            "value": "12",
            "due_on": "2022",
            "strength": "aim",
            "source_id": ARTICLE,
            "phrase": "增长12%",
        },
        {
            "target_id": "zj-2022-c-spare",
            "region_id": "CN-ZJ",
            "initiative_id": "zj-2022-works",
            "indicator_id": "factories",
            "comparator": "between",
            "value": "20",
            "value_upper": "30",
            "period_start": "2022",
            "due_on": "2023",
            "baseline_value": "5",
            "baseline_on": "2021",
            "strength": "expected",
            "superseded_by": "zj-2022-d-later",
            "source_id": ARTICLE,
            "locator": "p. 2",
            "phrase": "20至30家",
        },
        {
            "target_id": "zj-2022-d-later",
            "region_id": "CN-ZJ",
            "initiative_id": "zj-2022-works",
            "indicator_id": "factories",
            "comparator": "eq",
            "value": "40",
            "due_on": "2025",
            "strength": "binding",
            "source_id": "zj-plan-2023",
            "phrase": "四十家",
        },
        {
            "target_id": "zj-2022-e-share",
            "region_id": "CN-ZJ",
            "initiative_id": "zj-2022-works",
            "indicator_id": "online-share",
            "comparator": "eq",
            "value": "80",
            "due_on": "2022",
            "strength": "aim",
            "source_id": ARTICLE,
            "phrase": "80%",
        },
    ],
    "outcomes": [
        {
            "outcome_id": "zj-2022-a-factories-counted",
            "region_id": "CN-ZJ",
            "indicator_id": "factories",
            "comparator": "eq",
            "value": "16",
            "period_end": "2022-12",
            "status": "final",
            "source_id": "zj-plan-2023",
            "phrase": "16家",
        },
        {
            "outcome_id": "zj-2022-b-growth-reported",
            "region_id": "CN-ZJ",
            "indicator_id": "growth",
            "comparator": "eq",
            "value": "10.5",
            "period_end": "2022",
            "status": "final",
            "source_id": "zj-plan-2023",
            "phrase": "增长10.5%",
        },
        {
            "outcome_id": "zj-2022-c-spare-counted",
            "region_id": "CN-ZJ",
            "indicator_id": "factories",
            "comparator": "between",
            "value": "16",
            "value_upper": "18",
            "period_start": "2022",
            "period_end": "2022-04",
            "status": "preliminary",
            "source_id": ARTICLE,
            "locator": "p. 3",
            "phrase": "16-18家",
        },
        {
            "outcome_id": "zj-2022-e-share-reported",
            "region_id": "CN-ZJ",
            "indicator_id": "online-share",
            "comparator": "eq",
            "value": "81",
            "period_end": "2022",
            "status": "final",
            "source_id": ARTICLE,
            "phrase": "81%",
        },
    ],
    "assessments": [
        {
            "target_id": "zj-2022-a-factories",
            "outcome_id": "zj-2022-a-factories-counted",
            "comparability": "full",
            "bound": "exact",
        },
        {
            "target_id": "zj-2022-b-growth",
            "outcome_id": "zj-2022-b-growth-reported",
            "comparability": "partial",
            "reason_zh": "仅制造业。",
            "reason_en": "Manufacturing only.",
        },
        {
            "target_id": "zj-2022-e-share",
            "outcome_id": "zj-2022-e-share-reported",
            "comparability": "full",
            "bound": "exact",
        },
    ],
    "searches": [
        {
            "target_id": "zj-2022-b-growth",
            "searched_on": "2025-11",
            "where_zh": "规划和新闻。",
            "where_en": "Plans and news.",
            "found": "none",
        },
    ],
    "second_readings": [
        {
            "table": "targets",
            "id": "zj-2022-a-factories",
            "field": "value",
            "first": "15",
            "second": "15",
        },
    ],
    "dates": [
        {
            "date_id": "zj-2022-01-17-report",
            "event": "delivered",
            "starts_on": "2022-01-17",
            "ends_on": "2022-01-18",
            "region_id": "CN-ZJ",
            "initiative_id": "zj-2022-works",
            "about_source_id": ARTICLE,
            "title_zh": "报告",
            "title_en": "Report",
            "source_id": ARTICLE,
            "locator": "p. 1",
            "phrase": "1月17日",
        },
        {
            "date_id": "zj-2022-05-spare",
            "event": "held",
            "starts_on": "2022-05-01",
            "ends_on": "2022-05",
            "region_id": "CN-ZJ",
            "initiative_id": "zj-2022-works",
            "about_source_id": ARTICLE,
            "title_zh": "备用",
            "title_en": "Spare",
            "source_id": ARTICLE,
            "locator": "p. 1",
            "phrase": "5月",
        },
    ],
    "evidence": [
        {
            "evidence_id": "a-date",
            "date_id": "zj-2022-01-17-report",
            "source_id": ARTICLE,
            "stance": "contradicts",
            "reported": "2022-01-18",
            "phrase": "1月18日",
            "note_zh": "另一天。",
            "note_en": "Another day.",
        },
        {
            "evidence_id": "b-initiative",
            "initiative_id": "zj-2022-works",
            "source_id": ARTICLE,
            "stance": "supports",
            "phrase": "工程",
        },
        {
            "evidence_id": "c-target",
            "target_id": "zj-2022-a-factories",
            "source_id": ARTICLE,
            "stance": "supports",
            "phrase": "15家",
        },
        {
            "evidence_id": "d-outcome",
            "outcome_id": "zj-2022-a-factories-counted",
            "source_id": ARTICLE,
            "stance": "supports",
            "phrase": "16家",
        },
    ],
    "glossary": [
        {
            "term_zh": "备用词",
            "term_en": "spare term",
            "short_forms": "spare",
            "note_zh": "备用。",
            "note_en": "Spare.",
        },
        {"term_zh": "另一词", "term_en": "other term"},
    ],
    "retired_ids": [
        {
            "table": "targets",
            "id": "zj-2022-gone",
            "replaced_by": "zj-2022-a-factories",
            "since_version": "1.0.0",
            "reason_zh": "改名。",
            "reason_en": "Renamed.",
        },
    ],
}

# The record of each table that tests break: no other record refers to it.
SPARE: dict[str, int] = {
    "regions": 3,
    "sources": 1,
    "domains": 1,
    "units": 1,
    "initiatives": 0,
    "indicators": 3,
    "targets": 2,
    "outcomes": 2,
    "assessments": 1,
    "searches": 0,
    "second_readings": 0,
    "dates": 1,
    "evidence": 0,
    "glossary": 0,
    "retired_ids": 0,
}


VERSION = {"version": "1.0.0", "created": "2026-11-24T00:00:00Z"}


def schema_json(table: str) -> dict[str, Any]:
    """A Table Schema of the repository."""
    value: dict[str, Any] = json.loads((ROOT / "schemas" / f"{table}.json").read_text("utf-8"))
    return value


def copy_repository(folder: Path) -> Path:
    """A copy of the repository's package."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copy(ROOT / "datapackage.json", folder)
    shutil.copy(ROOT / "ycd.toml", folder)
    return folder


NEW_DOMAIN = {
    "domain_id": "zz",
    "name_zh": "新",
    "name_en": "New",
    "description_zh": "新的。",
    "description_en": "New.",
}
"""A record that the table of domains may have too."""


def small_tables() -> dict[str, list[Row]]:
    """A copy of the small package's tables, to change."""
    return {table: [dict(row) for row in rows] for table, rows in SMALL.items()}


def write_small(folder: Path, tables: Mapping[str, list[Row]] = SMALL) -> Path:
    """Write a package of the repository's schemas with these rows, in canonical form.

    It is always version 1.0.0, whatever the repository's is, and has these tables alone.
    """
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copy(ROOT / "ycd.toml", folder)
    raw = json.loads((ROOT / "datapackage.json").read_text("utf-8")) | VERSION
    raw["resources"] = [each for each in raw["resources"] if each["name"] in tables]
    text = json.dumps(raw, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    (folder / "data").mkdir()
    for table, rows in tables.items():
        write_table(folder, table, rows)
    return folder


def write_tiny(folder: Path) -> Path:
    """Write a package of one table that is not ours: what is so of every package is soon shown."""
    write_small(folder, {"domains": SMALL["domains"]})
    return make_foreign(folder, "tiny")


def make_foreign(folder: Path, name: str) -> Path:
    """Make a package one of somebody else's: without our rules, settings and derived tables."""
    edit_json(folder / "datapackage.json", lambda raw: raw.update(name=name))
    (folder / "ycd.toml").unlink()
    return folder


def with_references(table: str) -> set[str]:
    """A table and all that it refers to: the least that a package with it can hold."""
    found = {table}
    while True:
        keys = [key for each in found for key in schema_json(each).get("foreignKeys", ())]
        targets = {key["reference"]["resource"] or table for key in keys}
        if targets <= found:
            return found
        found |= targets


def write_table(folder: Path, table: str, rows: list[Row]) -> None:
    """Write one table sorted by its primary key."""
    schema = schema_json(table)
    ordered = sorted(rows, key=lambda row: [row.get(name, "") for name in schema["primaryKey"]])
    with (folder / "data" / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        names = [field["name"] for field in schema["fields"]]
        writer = csv.DictWriter(stream, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


def line_of(folder: Path, table: str, row: Row) -> int:
    """The physical line of a row that has no line breaks, as it stands in the file."""
    names = [field["name"] for field in schema_json(table)["fields"]]
    wanted = [row.get(name, "") for name in names]
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return next(number for number, cells in enumerate(csv.reader(stream), 1) if cells == wanted)


def edit_json(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a JSON file in place."""
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
