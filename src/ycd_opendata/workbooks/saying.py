"""Sentences with gaps."""

from __future__ import annotations


def say(template: str, /, **values: object) -> str:
    """A message with its gaps filled in."""
    return template.format(**values)


def say_of(number: int, one: str, many: str, /, **values: object) -> str:
    """A message that differs by a number, which fills the gap ``{number}``."""
    return (one if number == 1 else many).format(number=number, **values)
