"""Where the keys and list items of a TOML text stand, and what is refused of one."""

from __future__ import annotations

import pytest

from ycd_opendata.errors import DescriptorError
from ycd_opendata.package.places import Place
from ycd_opendata.package.toml_notation import MOST_BYTES, parse_toml, toml_line

TEXT = '''# a comment
top = 1

[validate]
off = [
  "one",
  "two",  # with a [bracket]
]
a.b = """
[site]
lists = 3
"""

[[site.lists]]
table = "x"

[[site.lists]]
table = "y"
filters = ["p", "q"]
[site.lists.title]
en = "Y"

[site]
repository = "z"
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("top",), 2),
        (("validate",), 4),
        (("validate", "off"), 5),
        (("validate", "off", 0), 6),
        (("validate", "off", 1), 7),
        (("validate", "a", "b"), 9),
        (("validate", "nothing"), 4),
        (("nothing",), None),
        (("site", "lists", 0, "table"), 15),
        (("site", "lists", 1), 17),
        (("site", "lists", 1, "table"), 18),
        (("site", "lists", 1, "filters", 1), 19),
        (("site", "lists", 1, "title", "en"), 21),
        (("site", "repository"), 24),
    ],
)
def test_line(place: Place, line: int | None) -> None:
    text, _ = parse_toml(TEXT.encode(), "ycd.toml")
    assert toml_line(text, place) == line


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_whatever_ends_the_lines(ends: str) -> None:
    text, _ = parse_toml(("\ufeff" + TEXT.replace("\n", ends)).encode(), "ycd.toml")
    assert toml_line(text, ("site", "repository")) == 24


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"a = 1\nb = \n", 2, "broken TOML"),
        (b"a = 1\na = 2\n", 2, "broken TOML"),
        (b"a = 1\n[b\n", 2, "broken TOML"),
        (b"a = 1\nb = '''\n\n", 4, "broken TOML"),
        (b"a = 1\nb = '\xff'\n", 2, "is not UTF-8"),
        (b"a = " + b"[" * 100_000, None, "nested more than"),
        (b"#" * (MOST_BYTES + 1), None, "has more than"),
    ],
)
def test_what_is_refused(content: bytes, line: int | None, said: str) -> None:
    with pytest.raises(DescriptorError, match=said) as caught:
        parse_toml(content, "ycd.toml")
    assert (caught.value.path, caught.value.line) == ("ycd.toml", line)
