"""JSON and YAML that programs would read differently is refused, with its place."""

from __future__ import annotations

from typing import Any

import pytest

from ycd_opendata.errors import DescriptorError
from ycd_opendata.package.documents import parse_document
from ycd_opendata.package.places import Place, without

BOMB = "\n".join(
    ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))]
)


@pytest.mark.parametrize(
    ("name", "content", "said", "line"),
    [
        ("a.json", b'{"a": [1,\n NaN]}', "line 2 column 2: NaN is no JSON (at a[1])", 2),
        ("a.json", b'{"a": -Infinity}', "line 1 column 7: a number is infinite", 1),
        ("a.json", b'{"a": 1e999}', "beyond the 1.8e308 that programs can hold", 1),
        ("a.json", b'{"a": {"b": 1,\n"b": 2}}', 'line 2 column 1: the key "b" stands twice', 2),
        ("a.json", b'{"a": 1,\n"\\u0061": 2}', "first on line 1", 2),
        ("a.json", b'{"a": "x\\u0000"}', "column 7: a text holds a NUL character (at a)", 1),
        ("a.json", b'{"a\\u0000": 1}', "column 2: a text holds a NUL", 1),
        ("a.json", b'{"a": ["\\ud800"]}', "half a character (at a[0])", 1),
        ("a.json", b'{"a": "x\0"}', "is broken JSON, line 1 column 9", 1),
        ("a.json", b'{"a": 1,}', "is broken JSON, line 1 column", 1),
        ("a.json", b'{"a": ' + b"9" * 5000 + b"}", "thousands of digits", None),
        ("a.json", b'{"a":' * 100_000, "nested more than 100 deep", None),
        ("a.json", b'{"a":' + b"[" * 101 + b"]" * 101 + b"}", "nested more than 100 deep", None),
        ("a.json", '{"a": 1}'.encode("utf-16"), "is UTF-16", None),
        ("a.json", b'{"a":\n"\xe9"}', "is not UTF-8, line 2 (byte 8)", 2),
        ("a.json", b"[]", "holds a JSON list", None),
        ("a.yaml", b"a: 1\nb: 2\na: 3\n", 'line 3 column 1: the key "a" stands twice', 3),
        ("a.yaml", b"a:\n- .nan\n", "line 2 column 3: NaN", 2),
        ("a.yaml", b"a: .inf\n", "a number is infinite", 1),
        ("a.yml", b'a: "x\\0"\n', "NUL", 1),
        ("a.yaml", b"a: [\n", "is broken YAML, line 2", 2),
        ("a.yaml", b"a: \x01\n", "is broken YAML", None),
        ("a.yaml", b"a: 1\n---\nb: 2\n", "another document", 2),
        ("a.yaml", b"a: !!python/object:os.system {}\n", "has no place in JSON", 1),
        ("a.yaml", b"a: !!binary aGk=\n", "has no place in JSON", 1),
        ("a.yaml", b"a: &a [*a]\n", "nested more than 100 deep", 1),
        ("a.yaml", b"a: " + b"[" * 900 + b"]" * 900, "nested more than 100 deep", 1),
        ("a.yaml", BOMB.encode(), "aliases make it endless", None),
        ("a.yaml", b"? [a]\n: 1\n", "a key is no text", 1),
        ("a.yaml", b"", "holds a JSON null", None),
    ],
)
def test_refused(name: str, content: bytes, said: str, line: int | None) -> None:
    with pytest.raises(DescriptorError) as caught:
        parse_document(content, name)
    assert said in caught.value.message
    assert caught.value.path == name
    if line is not None:
        assert caught.value.line == line


@pytest.mark.parametrize(
    ("name", "content", "value"),
    [
        ("a.json", b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ("a.json", b'{"a": "x\\\\u0000"}', {"a": "x\\u0000"}),
        ("a.json", b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        ("a.json", b'{"a": {"b": 1}, "c": {"b": 1}}', {"a": {"b": 1}, "c": {"b": 1}}),
        ("a.yaml", b"a: 2024-01-01\n1: x\nb: '1.0'\nc: ~\n",
         {"a": "2024-01-01", "1": "x", "b": "1.0", "c": None}),
        ("a.yaml", b"a: &a {p: 1}\nb: {<<: *a, q: 2, p: 3}\n",
         {"a": {"p": 1}, "b": {"p": 3, "q": 2}}),
        ("a.yaml", b'{"a": [1, true]}', {"a": [1, True]}),
    ],
)  # fmt: skip
def test_read(name: str, content: bytes, value: dict[str, Any]) -> None:
    assert parse_document(content, name).value == value


JSON = b'{\n "a": 1,\n "b": [\n  {"c": "{\\"d\\": 1}",\n   "c2": null}, 5\n ]\n}'
YAML = b"a: 1\nb:\n- c: '{d: 1}'\n  c2: null\n- 5\n"


@pytest.mark.parametrize(
    ("place", "in_json", "in_yaml"),
    [
        (("a",), 2, 1),
        (("b",), 3, 2),
        (("b", 0), 4, 3),
        (("b", 0, "c"), 4, 3),
        (("b", 0, "c2"), 5, 4),
        (("b", 1), 5, 5),
        # What is not there is near what is around it.
        (("b", 0, "no", 3), 4, 3),
        (("no",), None, None),
    ],
)
def test_lines(place: Place, in_json: int | None, in_yaml: int | None) -> None:
    assert parse_document(JSON, "a.json").line(place) == in_json
    assert parse_document(YAML, "a.yaml").line(place) == in_yaml


def test_without() -> None:
    raw = {"a": [1, 2, {"b": 3, "c": 4}], "d": 5}
    assert without(raw, (("a", 1), ("a", 2, "b"))) == {"a": [1, {"c": 4}], "d": 5}
    assert raw == {"a": [1, 2, {"b": 3, "c": 4}], "d": 5}
