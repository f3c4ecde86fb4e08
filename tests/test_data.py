"""What the published data must hold beyond its rules: it is whole and says what it should."""

from __future__ import annotations

import json
import re

import pytest
from packages import ROOT

import ycd_opendata as ycd
from ycd_opendata.loader.loading import table_resources
from ycd_opendata.package.open_package import installed_package
from ycd_opendata.validation.run import validate


def test_the_package_is_valid_without_a_single_warning() -> None:
    report = validate(ROOT)
    assert report.findings == ()
    assert all(layer.ran for layer in report.layers)
    # What the data set's own rules say more closely; nothing else is left out.
    skipped = [each for layer in report.layers for each in layer.skipped]
    assert skipped == ["odd-notation: off in ycd.toml", "untidy-text: off in ycd.toml"]


def test_every_figure_of_the_article_is_a_target() -> None:
    targets = ycd.load("targets")
    own = targets[targets["source_id"] == "yrd-digitalisation-article-2022"]
    figures = own.groupby("region_id")["value"].agg(lambda cells: sorted(cells))
    assert figures.to_dict() == {"CN-SH": [30], "CN-ZJ": [12, 15, 25, 150]}
    # Jiangsu's 16 clusters are what a programme covers, no quantity that is to be reached.
    initiatives = ycd.load("initiatives", ids="js-2022-16-clusters")
    assert "16" in initiatives["phrase"].iloc[0]


def test_the_three_reports_and_the_article_are_dated() -> None:
    dates = ycd.load("dates").set_index("date_id")
    assert dates.loc["sh-2022-01-20-work-report-delivered", "starts_on"] == "2022-01-20"
    assert dates.loc["js-2022-01-20-work-report-delivered", "starts_on"] == "2022-01-20"
    assert dates.loc["zj-2022-01-17-work-report-delivered", "starts_on"] == "2022-01-17"
    assert dates.loc["yrd-2022-05-12-article-published", "starts_on"] == "2022-05-12"


def test_the_articles_shanghai_date_is_contradicting_evidence() -> None:
    evidence = ycd.load("evidence")
    against = evidence[evidence["stance"] == "contradicts"]
    [row] = against[against["date_id"].notna()].to_dict("records")
    assert row["date_id"] == "sh-2022-01-20-work-report-delivered"
    assert row["source_id"] == "yrd-digitalisation-article-2022"
    assert row["reported"] == "2022-01-23"


def test_names_are_not_used_twice_in_a_region() -> None:
    initiatives = ycd.load("initiatives")
    for name in ("name_zh", "name_en"):
        assert not initiatives.duplicated(["region_id", name]).any()


_SYMBOL = r"^(?:%|P|EFLOPS|PB|TB|Tbps)$"
"""Units that have no other name."""


@pytest.mark.parametrize("table", table_resources(installed_package()))
def test_chinese_is_chinese_and_english_is_english(table: str) -> None:
    frame = ycd.load(table)
    # One language leaves no column of the other, and no two of one name.
    names = [name.removesuffix("_en") for name in frame.columns if not name.endswith("_zh")]
    assert len(set(names)) == len(names)
    for column in frame.columns:
        cells = frame[column].dropna()
        if column.endswith("_zh"):
            assert not cells.str.contains(r"[,;:()]").any(), column
            assert cells.str.contains(rf"[\u4e00-\u9fff]|^5G$|{_SYMBOL}").all(), column
        if column.endswith("_en"):
            assert not cells.str.contains(r"[\u3000-\u9fff\uff00-\uffef]").any(), column


def test_every_column_is_described_in_both_languages() -> None:
    for table in table_resources(installed_package()):
        for field in ycd.describe(table).itertuples():
            assert re.match(r"[A-Z]", str(field.title)), field
            assert re.match(r"[A-Z]", str(field.description)), field
        for field in ycd.describe(table, lang="zh").itertuples():
            assert re.search(r"[\u4e00-\u9fff]", str(field.title)), field
            assert re.search(r"[\u4e00-\u9fff]", str(field.description)), field


def test_every_category_is_labelled_in_both_languages() -> None:
    checked = 0
    for path in sorted((ROOT / "schemas").glob("*.json")):
        for field in json.loads(path.read_text("utf-8"))["fields"]:
            for each in field.get("categories", ()):
                assert re.search(r"[a-z]", each["label"]), each
                assert re.search(r"[\u4e00-\u9fff]", each["label@zh"]), each
                checked += 1
    assert checked > 60


def test_no_file_names_an_owner_or_address_that_is_not_known_yet() -> None:
    patterns = ("*.md", "*.json", "*.toml", "src/**/*.py", "schemas/*.json", ".github/**/*.yml")
    files = [path for pattern in patterns for path in ROOT.glob(pattern)]
    assert len(files) > 40
    for path in files:
        text = path.read_text("utf-8")
        assert not re.search(r"github\.com/|(?<!\$OWNER)\.github\.io", text), path
