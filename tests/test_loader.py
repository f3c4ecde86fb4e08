"""The public functions, on the data of this checkout."""

from __future__ import annotations

import csv
import inspect
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
import polars as pl
import pytest
from packages import ROOT, SMALL, edit_json

import ycd_opendata as ycd
from ycd_opendata.loader import loading as tables_module
from ycd_opendata.loader import overview
from ycd_opendata.loader.loading import one_language
from ycd_opendata.package.reading import read_package


@pytest.fixture(scope="module")
def loaded() -> dict[str, pd.DataFrame]:
    """Every table, once: the derived ones are computed. Not to be changed."""
    return {str(name): ycd.load(str(name)) for name in ycd.tables()["name"]}


def test_version_is_the_packages() -> None:
    assert f'"version": "{ycd.__version__}"' in (ROOT / "datapackage.json").read_text("utf-8")


def test_unknown_attribute_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        ycd.laod  # noqa: B018


@pytest.mark.parametrize("table", SMALL)
def test_every_table_loads_cell_by_cell_as_it_stands_in_the_file(table: str) -> None:
    frame = ycd.load(table)
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(frame) == len(rows)
    for name in frame.columns:
        if frame[name].dtype == "string":
            assert frame[name].fillna("").tolist() == [row[name] for row in rows]
        else:
            wanted = [float(row[name]) if row[name] else None for row in rows]
            assert frame[name].astype(object).where(frame[name].notna(), None).tolist() == wanted


def test_tables_lists_all_with_their_rows(loaded: dict[str, pd.DataFrame]) -> None:
    frame = ycd.tables()
    assert list(frame["name"]) == [
        *SMALL,
        "scoreboard",
        "series",
        "outlooks",
        "coverage",
        "agreement",
    ]
    for row in frame.itertuples():
        assert row.rows == len(loaded[str(row.name)])
    assert frame["title"].str.len().min() > 0
    assert frame["description"].str.len().min() > 0


def test_scoreboard_has_one_row_a_target(loaded: dict[str, pd.DataFrame]) -> None:
    board = ycd.scoreboard()
    assert board["target_id"].tolist() == loaded["targets"]["target_id"].tolist()
    assert board["due_on_latest"].dtype.kind == "M"
    pd.testing.assert_frame_equal(board, loaded["scoreboard"])


def test_polars_engine() -> None:
    frame = ycd.load("targets", engine="polars")
    assert isinstance(frame, pl.DataFrame)
    assert frame["target_id"].to_list() == ycd.load("targets")["target_id"].tolist()
    assert ycd.load("scoreboard", engine="polars")["due_on_earliest"].dtype == pl.Date


def test_one_language() -> None:
    frame = ycd.load("initiatives", lang="en")
    assert {"name", "summary"} <= set(frame.columns)
    assert not any(name.endswith(("_zh", "_en")) for name in frame.columns)
    assert frame["name"].tolist() == ycd.load("initiatives")["name_en"].tolist()
    chinese = ycd.load("initiatives", lang="zh", engine="polars")
    assert chinese["name"].to_list() == ycd.load("initiatives")["name_zh"].tolist()


def test_a_column_of_the_other_language_only_is_kept() -> None:
    assert one_language(["id", "name_zh", "name_en", "scope_en"], "zh") == {
        "id": "id",
        "name_zh": "name",
        "scope_en": "scope_en",
    }


def test_describe() -> None:
    frame = ycd.describe("targets").set_index("name")
    assert frame.loc["value", "unit"] == "indicators.unit_id"
    assert frame.loc["target_id", "required"]
    assert not frame.loc["due_on", "required"]
    assert frame.loc["comparator", "values"] == "eq, ge, gt, le, lt, about, between"
    assert frame.loc["value", "title"] == "Value"
    assert ycd.describe("targets", lang="zh").set_index("name").loc["value", "title"] == "数值"
    assert list(ycd.describe("scoreboard")["name"]) == list(ycd.scoreboard().columns)


def test_path_is_the_file() -> None:
    path = ycd.path("targets")
    assert path == ROOT / "data" / "targets.csv"
    assert path.is_file()


def test_schema_checks_a_users_frame() -> None:
    schema = ycd.schema("targets")
    frame = ycd.load("targets")
    schema.validate(frame)
    frame.loc[0, "strength"] = "strong"
    frame.loc[1, "value_upper"] = 1.0
    with pytest.raises(pa.errors.SchemaErrors) as caught:
        schema.validate(frame, lazy=True)
    assert {"enum", "upper-value-misused"} <= set(caught.value.failure_cases["check"])


@pytest.mark.parametrize(
    "table", [*SMALL, "scoreboard", "series", "outlooks", "coverage", "agreement"]
)
def test_every_loaded_table_passes_its_schema(loaded: dict[str, pd.DataFrame], table: str) -> None:
    ycd.schema(table).validate(loaded[table], lazy=True)


def test_date_bounds() -> None:
    bounds = ycd.date_bounds(["2022", None, "2022-02"])
    assert bounds["earliest"].tolist() == [
        pd.Timestamp("2022-01-01"),
        pd.NaT,
        pd.Timestamp("2022-02-01"),
    ]
    assert bounds["latest"].tolist()[2] == pd.Timestamp("2022-02-28")
    series = pd.Series(["2022"], index=["x"], dtype="string")
    assert ycd.date_bounds(series).index.tolist() == ["x"]
    frame = ycd.date_bounds(pl.Series(["2022-01", None]))
    assert isinstance(frame, pl.DataFrame)
    assert frame.dtypes == [pl.Date, pl.Date]
    with pytest.raises(ValueError, match="no partial date"):
        ycd.date_bounds(["soon"])


def test_cite() -> None:
    assert ycd.__version__ in ycd.cite()
    assert "CC-BY-4.0" in ycd.cite()
    assert ycd.cite("bibtex").startswith("@misc{")
    assert ycd.__version__ in ycd.cite("bibtex")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: ycd.load("target"),
            "unknown table 'target' (did you mean 'targets'? known: regions, ",
        ),
        (lambda: ycd.describe("x"), "unknown table 'x' (known: regions, "),
        (lambda: ycd.schema("initiative"), "did you mean 'initiatives'?"),
        (lambda: ycd.path("scoreboard"), "unknown table with a file 'scoreboard'"),
        (lambda: ycd.path("targets", "xlsx"), "unknown installed format 'xlsx' (known: csv)"),
        (lambda: ycd.load("targets", engine="panda"), "did you mean 'pandas'?"),  # type: ignore[call-overload]
        (lambda: ycd.load("targets", lang="fr"), "unknown language 'fr'"),  # type: ignore[call-overload]
        (lambda: ycd.cite("apa"), "unknown citation format 'apa'"),
    ],
)
def test_unknown_names_are_told_apart_with_the_nearest(call: object, said: str) -> None:
    assert callable(call)
    with pytest.raises(ycd.UnknownNameError) as caught:
        call()
    assert said in str(caught.value)


def test_a_deprecated_field_is_told_with_what_to_use_instead(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deprecate(raw: dict[str, Any]) -> None:
        raw["fields"][2]["deprecated"] = {"replacedBy": "name_en", "removedIn": "2.0.0"}
        raw["fields"][5]["deprecated"] = {"removedIn": "3.0.0"}

    edit_json(small / "schemas" / "domains.json", deprecate)
    package = read_package(small)
    monkeypatch.setattr(tables_module, "installed_package", lambda: package)
    monkeypatch.setattr(overview, "installed_package", lambda: package)
    tables_module._warn_once.cache_clear()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            ycd.load("domains")
    assert [(str(each.message), each.category, each.filename) for each in caught] == [
        (
            "field 'name_zh' of 'domains' is deprecated: use 'name_en'; removed in 2.0.0",
            ycd.DeprecatedFieldWarning,
            __file__,
        ),
        (
            "field 'description_en' of 'domains' is deprecated: removed in 3.0.0",
            ycd.DeprecatedFieldWarning,
            __file__,
        ),
    ]
    assert ycd.describe("domains").set_index("name")["deprecated"].to_dict() == {
        "domain_id": "",
        "parent_id": "",
        "name_zh": "use 'name_en'; removed in 2.0.0",
        "name_en": "",
        "description_zh": "",
        "description_en": "removed in 3.0.0",
    }
    edit_json(small / "schemas" / "domains.json", lambda raw: raw["fields"][5].pop("deprecated"))
    package = read_package(small)
    # Without the column, in the other language, there is nothing to warn of: warnings are errors.
    assert "name" in ycd.load("domains", lang="en")


@pytest.mark.parametrize("name", sorted(set(ycd.__all__) - {"__version__"}))
def test_everything_public_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(ycd, name))


def test_everything_public_is_listed_before_it_is_loaded(tmp_path: Path) -> None:
    script = (
        "import ycd_opendata as ycd\n"
        "assert {*ycd.__all__} <= {*dir(ycd)}\n"
        "from ycd_opendata import *\n"
        "assert load is ycd.load and scoreboard is ycd.scoreboard\n"
        "try:\n"
        "    ycd.lode\n"
        "except AttributeError as error:\n"
        "    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "module 'ycd_opendata' has no attribute 'lode'"


def test_import_is_cheap(tmp_path: Path) -> None:
    heavy = ("pandas", "numpy", "pandera", "polars", "frictionless", "click", "rich")
    script = (
        "import sys, ycd_opendata as ycd; ycd.__version__\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_command_line_starts_without_the_heavy_ones(tmp_path: Path) -> None:
    heavy = ("pandas", "numpy", "pandera", "polars", "frictionless")
    script = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print([m for m in {heavy!r} if m in sys.modules]))\n"
        "from ycd_opendata.cli import main\n"
        "sys.argv[1:] = ['--help']\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "validate" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
