"""``ycd.toml``: what it may say, and that a slip in it is an error with its line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.errors import DescriptorError
from ycd_opendata.package.reading import read_descriptor, read_package, without_problems
from ycd_opendata.package.settings import (
    ReleaseSettings,
    Settings,
    SiteList,
    SitePicture,
    SiteSettings,
    ValidateSettings,
    _misfits,
    read_settings,
    settings_schema,
)
from ycd_opendata.publishing.formats.writing import FORMATS

FULL = """
[validate]
off = ["untidy-text"]
warnings = ["unique-keys"]
canonical = true

[site]
languages = ["zh", "en"]
title = "Rivers"
repository = "https://example.org/rivers"
home = "https://example.org"
logo = "logo.svg"
texts.footer = { en = "Above the sea", zh = "海拔" }

[[site.lists]]
table = "readings"
columns = ["river", "level"]
filters = ["river"]

[[site.pictures]]
table = "readings"
kind = "lines"
x = "day"
y = "level"
by = "river"
title = { en = "Levels", zh = "水位" }

[release]
formats = ["parquet"]
"""


def read(folder: Path, text: str) -> tuple[Settings, tuple[DescriptorError, ...]]:
    (folder / "ycd.toml").write_text(text, encoding="utf-8")
    return read_settings(folder)


def test_everything_that_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(b"<svg/>")
    settings, problems = read(tmp_path, FULL)
    assert problems == ()
    assert settings == Settings(
        ValidateSettings(("untidy-text",), ("unique-keys",), canonical=True),
        SiteSettings(
            ("zh", "en"),
            {"": "Rivers"},
            "https://example.org/rivers",
            (SiteList("readings", ("river", "level"), ("river",)),),
            (
                SitePicture(
                    "readings", "lines", "day", "level", "river", {"en": "Levels", "zh": "水位"}
                ),
            ),
            "https://example.org",
            "logo.svg",
            b"<svg/>",
            {"footer": {"en": "Above the sea", "zh": "海拔"}},
        ),
        ReleaseSettings(("parquet",)),
        FULL,
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "[site]\n", "[validate]\noff = []\n"])
def test_what_is_not_said_is_as_usual(tmp_path: Path, text: str) -> None:
    settings, problems = read(tmp_path, text)
    assert problems == ()
    assert settings == Settings(text=text)
    assert read_settings(tmp_path / "nowhere") == (Settings(), ())


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("[validate]\noof = []\n", 2, "validate.oof is no key", "did you mean 'off'? known: "),
        ("[sight]\n", 1, "sight is no key", "did you mean 'site'? known: validate, site, release"),
        ("\n[validate]\noff = 'x'\n", 3, "validate.off is a text", "expected a list"),
        ("[validate]\noff = ['a',\n3]\n", 2, 'validate.off[1] is "3"', "expected a text"),
        ("[validate]\noff = [\n'a',\n'a']\n", 3, 'validate.off[1] repeats "a"', "remove one"),
        ("[validate]\ncanonical = 'yes'\n", 2, "validate.canonical is a text", "true or false"),
        ("validate = 3\n", 1, 'validate is "3"', "expected a table of keys"),
        ("[release]\nformats = []\n", 2, "release.formats is empty", "at least one"),
        ("[release]\nformats = ['sqlit']\n", 2, '"sqlit", which is not known', "'sqlite'"),
        ("[site]\nrepository = 'x'\n", 2, 'site.repository is "x"', "https://"),
        ("[site]\nhome = 'javascript:1'\n", 2, "site.home is", "https://"),
        ("[site]\nlogo = 'logo.exe'\n", 2, 'site.logo is "logo.exe"', "such as logo.svg"),
        ("[site]\n\nlogo = 'none.svg'\n", 3, "site.logo: cannot read 'none.svg'", "create it"),
        ("[site]\nlogo = '../a.svg'\n", 2, "site.logo: ", "the package"),
        ("[site]\nlogo = 'large.png'\n", 2, "'large.png' is larger than 200 kB", "smaller"),
        ("[site.texts]\nfoot = 'x'\n", 2, "site.texts.foot is no key", "did you mean 'footer'?"),
        ("[site]\nrepository = 'javascript:1'\n", 2, "site.repository is", "https://"),
        ("[site]\nlanguages = ['English']\n", 2, 'site.languages[0] is "English"', "such as en"),
        ("[site]\ntitle = ''\n", 2, "site.title is empty", "write something"),
        ("[site]\ntitle = 2022-01-01\n", 2, 'site.title is "2022-01-01"', "a text or a table"),
        ("[site.title]\nen = 1\n", 2, 'site.title.en is "1"', "expected a text"),
        ("[[site.lists]]\nfilters = []\n", 1, "site.lists[0] lacks the key 'table'", "The table."),
        ("[validate]\ncode = 'rules.py'\n", 2, "validate.code is no key", "known: off"),
        ("[validate]\noff = [\n", 3, "broken TOML", "a missing quote"),
    ],
)
def test_slip(tmp_path: Path, text: str, line: int, message: str, hint: str) -> None:
    (tmp_path / "large.png").write_bytes(bytes(200_001))
    settings, [problem] = read(tmp_path, text)
    assert settings == Settings()
    assert (problem.path, problem.line) == ("ycd.toml", line)
    assert message in problem.message
    assert hint in problem.hint


def test_every_slip_is_told(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "[validate]\noof = []\ncanonical = 1\n[relaese]\n")
    assert [each.line for each in problems] == [2, 3, 4]


def test_a_file_that_is_not_the_packages_is_refused(tmp_path: Path) -> None:
    outside, inside = tmp_path / "secret.toml", tmp_path / "package"
    inside.mkdir()
    outside.write_text("[validate]\ncanonical = true\n", encoding="utf-8")
    (inside / "ycd.toml").symlink_to(outside)
    _, [problem] = read_settings(inside)
    assert "leads out of the package's folder" in problem.message
    (inside / "ycd.toml").unlink()
    os.mkfifo(inside / "ycd.toml")
    _, [problem] = read_settings(inside)
    assert "pipe or device" in problem.message
    (inside / "ycd.toml").unlink()
    (inside / "ycd.toml").mkdir()
    _, [problem] = read_settings(inside)
    assert "cannot read 'ycd.toml'" in problem.message


def test_a_package_has_its_settings(small: Path) -> None:
    assert read_package(small).settings.validate.canonical
    (small / "ycd.toml").write_text("[validate]\ncanonicall = true\n", encoding="utf-8")
    with pytest.raises(DescriptorError, match="canonicall is no key"):
        read_package(small)
    descriptor = read_descriptor(small)
    assert len(descriptor.settings_problems) == 1
    assert without_problems(descriptor).settings_problems == ()


def test_formats_are_those_of_releases() -> None:
    release = settings_schema()["properties"]["release"]["properties"]
    assert tuple(release["formats"]["items"]["enum"]) == FORMATS


def test_schema_is_one_and_describes_every_key() -> None:
    jsonschema.Draft202012Validator.check_schema(settings_schema())

    def walk(schema: Any) -> None:
        for each in schema.get("properties", {}).values():
            assert each["description"]
            walk(each)
        if "items" in schema:
            walk(schema["items"])

    walk(settings_schema())


WORDS = st.sampled_from(
    ["", "en", "zh-Hans", "csv", "bars", "https://example.org", "en\n", "x", "table", "off"]
)
KEYS = st.sampled_from(
    [
        "validate",
        "site",
        "release",
        "off",
        "warnings",
        "canonical",
        "languages",
        "title",
        "repository",
        "lists",
        "pictures",
        "formats",
        "table",
        "kind",
        "x",
        "y",
        "by",
        "columns",
        "filters",
        "other",
    ]
)
VALUES = st.recursive(
    WORDS | st.booleans() | st.integers(0, 2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def likely(draw: st.DrawFn, schema: Any) -> Any:
    """A value that may fit a schema."""
    if draw(st.integers(0, 9)) == 0:
        return draw(VALUES)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = draw(st.sampled_from(kinds))
    if kind == "boolean":
        return draw(st.booleans())
    if kind == "string":
        return draw(st.sampled_from(schema["enum"]) if "enum" in schema else WORDS)
    if kind == "array":
        return [draw(likely(schema["items"])) for _ in range(draw(st.integers(0, 2)))]
    inner = schema.get("properties") or {"en": schema.get("additionalProperties")}
    names = [each for each in inner if draw(st.integers(0, 3))]
    return {name: draw(likely(inner[name])) for name in names}


@given(likely(settings_schema()))
def test_verdict_is_that_of_the_json_schema(value: Any) -> None:
    if any(text.endswith("\n") for text in _texts(value)):
        return  # Python's "$", which the library takes, lets a line end pass
    wanted = {
        tuple(each.absolute_path)
        for each in jsonschema.Draft202012Validator(settings_schema()).iter_errors(value)
    }
    assert bool(wanted) == any(True for _ in _misfits(value, settings_schema(), ()))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []
