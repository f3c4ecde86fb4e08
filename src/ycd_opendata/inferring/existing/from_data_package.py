"""A Data Package, a resource or a Table Schema of Frictionless, in JSON or YAML."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ycd_opendata.inferring.existing.descriptions import Description
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import read_document
from ycd_opendata.package.reading import resolve_descriptor, resource_paths

_NOT_CARRIED = ("resources", "profile", "$schema", "name")
_OF_RESOURCES = ("title", "description", "sources", "licenses")


def read(file: Path) -> Description:
    """The schemas that a descriptor names or holds."""
    document = read_document(file, file.name)
    raw = document.value
    if "fields" in raw:
        return Description({file.stem.removesuffix(".schema"): raw})
    if "resources" not in raw:
        raw = {"resources": [raw]}
    descriptor = resolve_descriptor(file, document)
    found = copy.deepcopy(dict(descriptor.raw)) if "resources" in document.value else raw
    lost = [str(each.error) for each in descriptor.problems]
    schemas: dict[str, Mapping[str, Any]] = {}
    for number, resource in enumerate(found["resources"], start=1):
        name = str(resource.get("name", say("resource {number}", number=number)))
        schema = resource.get("schema")
        if not isinstance(schema, Mapping):
            lost.append(say("{name}: it has no schema that can be read", name=name))
            continue
        for path in [*resource_paths(resource), name]:
            schemas.setdefault(path, schema)
        if resource.get("dialect"):
            anew = mark("{name}: its dialect; how the file is read was found out anew")
            lost.append(say(anew, name=name))
        gone = (each for each in _OF_RESOURCES if resource.get(each))
        lost += (say("{name}: its {each}", name=name, each=each) for each in gone)
    package = {key: value for key, value in found.items() if key not in _NOT_CARRIED}
    return Description(schemas, tuple(lost), package)
