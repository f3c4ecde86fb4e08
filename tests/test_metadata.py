"""What the metadata files of a release say, of our own package and of one that is not ours."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml
from odd_package import FIELDS, write_odd
from packages import SMALL
from rdflib.query import ResultRow
from sites import released

from ycd_opendata.delta.contribution import EXTENSION
from ycd_opendata.delta.coverage import coverage, quality_markdown
from ycd_opendata.loader.citation import cite_package
from ycd_opendata.loader.loading import tables_of
from ycd_opendata.package.reading import parse_schema, read_package
from ycd_opendata.package.release_list import sha256
from ycd_opendata.publishing.metadata.json_schema import property_schema

DERIVED = [each.name for each in EXTENSION.derived_tables]

BASE = "https://example.org/data/"


@pytest.fixture
def own(small_release: Path) -> Path:
    return small_release


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    return released(write_odd(folder), folder / "release")


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with a base URL, a licence without an SPDX name, and a person who made it."""
    folder = tmp_path_factory.mktemp("placed")
    licence = {"name": "other-open", "path": "https://example.org/terms"}
    people = [
        {"title": "Ada Doe", "givenName": "Ada", "familyName": "Doe", "roles": ["author"]},
        {"title": "Someone else", "roles": ["publisher"]},
    ]
    write_odd(folder, title="<b>\n# [x](javascript:y)", licenses=[licence], contributors=people)
    return released(folder, folder / "release", BASE)


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def columns(folder: Path, number: int) -> dict[str, Any]:
    table = read(folder, "csv-metadata.json")["tables"][number]
    return {each["name"]: each for each in table["tableSchema"]["columns"]}


# JSON Schema


def test_a_schema_says_what_the_table_schema_says(own: Path) -> None:
    schema = read(own, "schemas/targets.schema.json")
    record = schema["items"]
    raw = next(
        each for each in read(own, "datapackage.json")["resources"] if each["name"] == "targets"
    )
    assert "$id" not in schema
    assert schema["title"] == raw["title"]
    assert record["required"] == [each["name"] for each in raw["schema"]["fields"]]
    for field in raw["schema"]["fields"]:
        said, constraints = record["properties"][field["name"]], field["constraints"]
        assert (said["title"], said["description"]) == (field["title"], field["description"])
        assert said.get("maxLength") == constraints.get("maxLength")
        filled = constraints.get("required") or field["name"] == "target_id"
        assert ("null" in said["type"]) != bool(filled)
        if "pattern" in constraints:
            assert said["pattern"] == f"^(?:{constraints['pattern']})$"
        if "enum" in constraints:
            assert said["enum"] == constraints["enum"] + ([] if filled else [None])


def test_types_are_those_that_the_records_have(odd: Path) -> None:
    said = read(odd, "schemas/odd.schema.json")["items"]["properties"]
    assert said["id"] == {"type": "integer", "minimum": 1, "maximum": 9}
    assert said["长度"] == {"type": ["number", "null"], "minimum": 0}
    assert said["day"] == {"type": ["string", "null"], "format": "date"}
    assert said["a b"]["enum"] == ["x|y", "(z)", "it's", None]
    kinds = {name: rules["type"] for name, rules in said.items()}
    assert kinds["ok"] == ["boolean", "null"]
    assert kinds["thing"] == kinds["clock"] == kinds["when"] == ["string", "null"]
    assert said["web.page"]["format"] == "uri"


@pytest.mark.parametrize(
    ("bound", "said"),
    [(3, 3), ("3", 3), (0.5, 0.5), (2**63, 2**63), ("0,5", None), ("1e999", None)],
)
def test_a_bound_is_said_if_json_has_it(bound: object, said: object) -> None:
    field = {"name": "b", "type": "number", "constraints": {"minimum": bound, "enum": [bound]}}
    schema = parse_schema({"fields": [field]})
    found = property_schema(schema.fields[0], required=True)
    assert (found.get("minimum"), found.get("enum")) == (said, None if said is None else [said])


def test_a_schema_has_an_address_if_the_catalogue_has_one(placed: Path) -> None:
    schema = read(placed, "schemas/odd.schema.json")
    assert schema["$id"] == f"{BASE}v2.0.0/schemas/odd.schema.json"


# CSV on the Web


def test_titles_are_in_both_languages(own: Path) -> None:
    group = read(own, "csv-metadata.json")
    assert group["dc:title"] == [
        {"@value": "Yangtze Delta City Digitalisation", "@language": "en"},
        {"@value": "长三角数字化转型开放数据", "@language": "zh"},
    ]
    assert group["tables"][0]["dc:title"] == [
        {"@value": "Regions", "@language": "en"},
        {"@value": "地区", "@language": "zh"},
    ]
    assert columns(own, 0)["region_id"]["titles"] == {"en": "region_id", "zh": "地区编号"}
    descriptions = columns(own, 0)["region_id"]["dc:description"]
    assert [each["@language"] for each in descriptions] == ["en", "zh"]


def test_keys_and_what_may_be_empty_are_said(own: Path) -> None:
    tables = read(own, "csv-metadata.json")["tables"]
    schema = next(each for each in tables if each["url"] == "csv/dates.csv")["tableSchema"]
    assert schema["primaryKey"] == ["date_id"]
    named = [key["columnReference"] for key in schema["foreignKeys"]]
    assert named == [["region_id"], ["source_id"]]  # the others may be empty
    assert schema["foreignKeys"][0]["reference"] == {
        "resource": "csv/regions.csv",
        "columnReference": ["region_id"],
    }


def test_what_means_missing_is_said(own: Path, odd: Path) -> None:
    assert {tuple(each["null"]) for each in read(own, "csv-metadata.json")["tables"]} == {("",)}
    assert read(odd, "csv-metadata.json")["tables"][0]["null"] == ["", "NA"]


def test_columns_have_names_that_csvw_allows(odd: Path) -> None:
    found = columns(odd, 0)
    assert {"a%20b", "%E9%95%BF%E5%BA%A6", "%5Fany", "web.page"} <= set(found)
    assert [each["titles"] for each in found.values()] == [
        [each["name"], each["title"]] if "title" in each else each["name"] for each in FIELDS
    ]


def test_datatypes_tell_how_cells_are_written(odd: Path) -> None:
    types = {name: each["datatype"] for name, each in columns(odd, 0).items()}
    assert types["id"] == {"base": "integer", "minimum": 1, "maximum": "9"}
    assert types["a%20b"] == {"base": "string", "format": r"^(?:x\|y|\(z\)|it's)$"}
    assert types["%E9%95%BF%E5%BA%A6"] == {
        "base": "decimal",
        "format": {"decimalChar": ",", "groupChar": "."},
        "minimum": 0,
    }
    assert types["yes"] == {"base": "boolean", "format": "Y|N"}
    assert types["ok"]["base"] == types["when"] == types["price"] == "string"
    assert types["y"] == "gYear"


# schema.org and Croissant


def test_search_engines_get_what_they_ask_for(own: Path) -> None:
    dataset = read(own, "dataset.jsonld")
    assert (dataset["name"], dataset["alternateName"]) == (
        "Yangtze Delta City Digitalisation",
        ["长三角数字化转型开放数据"],
    )
    assert 50 <= len(dataset["description"]) <= 5000
    assert dataset["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert dataset["version"] == "1.0.0"
    assert dataset["isAccessibleForFree"] is True
    years = {
        row[name][:4]
        for rows in (SMALL["targets"], SMALL["outcomes"], SMALL["dates"], SMALL["initiatives"])
        for row in rows
        for name in row
        if name in ("period_start", "period_end", "due_on", "baseline_on", "starts_on", "ends_on")
        and row[name]
    }
    assert dataset["temporalCoverage"] == f"{min(years)}/{max(years)}"
    assert {each["identifier"] for each in dataset["spatialCoverage"]} == {"YRD", "CN-SH", "CN-ZJ"}
    assert len(dataset["variableMeasured"]) == len(SMALL["indicators"])
    assert not {"@id", "url", "identifier"} & set(dataset)  # nobody gave it an address


def test_nothing_is_made_up_for_a_package_that_says_little(odd: Path) -> None:
    dataset = read(odd, "dataset.jsonld")
    assert len(dataset["description"]) >= 50
    made_up = {"license", "creator", "spatialCoverage", "temporalCoverage", "inLanguage", "url"}
    assert not made_up & set(dataset)
    assert "isAccessibleForFree" not in dataset
    assert not (odd / "CITATION.cff").exists()  # it names nobody to cite
    assert {"@type": "PropertyValue", "name": "长度", "unitText": "km"} in dataset[
        "variableMeasured"
    ]


@pytest.mark.parametrize("name", ["dataset.jsonld", "croissant.json"])
def test_every_table_file_is_listed_with_size_and_hash(own: Path, name: str) -> None:
    listed = {each["contentUrl"]: each for each in read(own, name)["distribution"]}
    folders = ("csv", "json")
    files = {
        path.relative_to(own).as_posix() for each in folders for path in (own / each).iterdir()
    }
    assert files <= set(listed)
    for path, each in listed.items():
        assert each["contentSize"] == f"{(own / path).stat().st_size} B"
        assert each["sha256"] == sha256(own / path)


@pytest.mark.parametrize("name", ["dataset.jsonld", "croissant.json"])
def test_links_are_addresses_if_the_catalogue_has_one(placed: Path, name: str) -> None:
    value = read(placed, name)
    assert value["url"] == f"{BASE}v2.0.0/"
    for each in value["distribution"]:
        assert each["contentUrl"].startswith(f"{BASE}v2.0.0/")
    assert value["creator"][0]["@type"] == "Person"
    assert value["license"] == "https://example.org/terms"


def test_records_have_keys_and_types(own: Path, odd: Path) -> None:
    sets = {each["name"]: each for each in read(own, "croissant.json")["recordSet"]}
    assert list(sets) == sorted([*SMALL, *DERIVED])
    assert sets["assessments"]["key"] == [
        {"@id": "assessments/target_id"},
        {"@id": "assessments/outcome_id"},
    ]
    types = {each["name"]: each["dataType"] for each in sets["targets"]["field"]}
    assert (types["value"], types["due_on"]) == ("sc:Float", "sc:Text")
    field = read(odd, "croissant.json")["recordSet"][1]["field"][1]
    assert (field["@id"], field["source"]["extract"]) == ("odd/~2", {"jsonPath": "$[*].'a b'"})


# DCAT


def graph_of(folder: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(folder / "dcat.ttl", publicID="https://example.com/")


def test_each_distribution_has_place_size_type_and_checksum(own: Path) -> None:
    found = graph_of(own).query(
        """
        PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX spdx: <http://spdx.org/rdf/terms#>
        SELECT ?url ?size ?type ?sum WHERE {
          ?dataset a dcat:Dataset; dcat:distribution ?each .
          ?each a dcat:Distribution; dcat:downloadURL ?url; dcat:byteSize ?size;
                dcat:mediaType ?type; spdx:checksum [ spdx:checksumValue ?sum ] }
        """
    )
    rows = {str(row["url"]): row for row in found if isinstance(row, ResultRow)}
    assert len(rows) >= 2 * (len(SMALL) + 1)
    row, path = rows["https://example.com/csv/targets.csv"], own / "csv/targets.csv"
    assert int(row["size"]) == path.stat().st_size
    assert str(row["type"]) == "https://www.iana.org/assignments/media-types/text/csv"
    assert str(row["sum"]) == sha256(path)


def test_the_data_set_has_titles_in_both_languages_and_no_blank_node(own: Path) -> None:
    graph = graph_of(own)
    node = rdflib.URIRef("https://example.com/dcat.ttl#dataset")
    titles = set(graph.objects(node, rdflib.DCTERMS.title))
    assert titles == {
        rdflib.Literal("Yangtze Delta City Digitalisation", lang="en"),
        rdflib.Literal("长三角数字化转型开放数据", lang="zh"),
    }
    assert not any(isinstance(each, rdflib.BNode) for each in graph.all_nodes())


def test_nodes_are_addresses_if_the_catalogue_has_one(placed: Path) -> None:
    subjects = set(graph_of(placed).subjects())
    assert subjects
    assert all(str(each).startswith(f"{BASE}v2.0.0/dcat.ttl#") for each in subjects)


# Citation and README


def test_the_citation_has_what_the_package_says(own: Path, placed: Path) -> None:
    cited = yaml.safe_load((own / "CITATION.cff").read_text("utf-8"))
    assert cited["version"] == "1.0.0"
    assert cited["date-released"] == "2026-11-24"
    assert cited["license"] == "CC-BY-4.0"
    assert cited["authors"] == [{"name": "The ycd-opendata contributors"}]
    other = yaml.safe_load((placed / "CITATION.cff").read_text("utf-8"))
    assert other["authors"] == [{"family-names": "Doe", "given-names": "Ada"}]
    assert other["license-url"] == "https://example.org/terms"
    assert other["url"] == f"{BASE}v2.0.0/"


def test_the_readme_tells_files_tables_citation_and_licence(own: Path) -> None:
    text = (own / "README.md").read_text("utf-8")
    package = read_package(own)
    assert f"Version {package.version} of {package.created[:10]}." in text
    for resource in package.resources:
        rows = len((own / resource.paths[0]).read_text("utf-8").splitlines()) - 1
        assert f"| `{resource.name}` | {rows} |" in text
    top = {path.name for path in own.iterdir() if path.suffix not in ("", ".zip", ".md")}
    for name in (*top, "SHA256SUMS", "*.zip", "csv/TABLE.csv", "schemas/TABLE.schema.json"):
        assert f"| `{name}` | " in text
    assert (
        quality_markdown(
            coverage(tables_of(package), datetime.date.fromisoformat(package.created[:10]))
        )
        in text
    )
    assert cite_package(package, "text") in text
    assert "[CC-BY-4.0](<https://creativecommons.org/licenses/by/4.0/>)" in text


def test_a_title_is_shown_and_not_run(placed: Path) -> None:
    lines = (placed / "README.md").read_text("utf-8").splitlines()
    assert lines[0] == r"# \<b\> \# \[x\](javascript:y)"
    assert f"This version stays at <{BASE}v2.0.0/>; the newest is at <{BASE}latest/>." in lines
