"""``dcat.ttl``: the release as a data catalogue harvests it, DCAT 3 in Turtle.

Every node has an address, a fragment of this file's own, and none is blank: the text is then the
same on each run. Without the catalogue's address they are relative to where the file stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from urllib.parse import quote

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SDO, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from ycd_opendata.package.files import is_web_address
from ycd_opendata.publishing.contents import JSON_TYPE, ReleasedFile
from ycd_opendata.publishing.metadata.about import About, Texts
from ycd_opendata.publishing.metadata.json_schema import schema_path

DCAT_FILE = "dcat.ttl"

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_TABLE_SCHEMA = "https://datapackage.org/standard/table-schema/"
_SPDX = "http://spdx.org/rdf/terms#"

Said = Mapping["URIRef", Iterable["Node"]]
"""What is said of a node: the values of each predicate."""


def dcat_text(about: About) -> str:
    """The text."""
    graph = Graph("SimpleMemory", bind_namespaces="none")  # the usual one keeps contexts, too
    terms = {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "rdfs": RDFS, "schema": SDO}
    for prefix, namespace in (terms | {"spdx": _SPDX, "xsd": XSD}).items():
        graph.bind(prefix, namespace)
    files = (each for file in about.files for each in _distribution(about, file))
    for name, said in chain(_dataset(about), files):
        for predicate, values in said.items():
            for value in values:
                graph.add((_node(about, name), predicate, value))
    return graph.serialize(format="turtle").strip() + "\n"


def _dataset(about: About) -> Iterator[tuple[str, Said]]:
    """What is said of the release, its authors, its years and its places."""
    authors = {f"creator-{number}": each for number, each in enumerate(about.authors, 1)}
    places = {f"place-{each.id}": each for each in about.places}
    yield (
        "dataset",
        {
            RDF.type: [DCAT.Dataset],
            DCTERMS.title: _literals(about.titles),
            DCTERMS.description: _literals({about.language: about.description}),
            # A term of DCAT 3, which rdflib does not know yet.
            URIRef(f"{DCAT}version"): [Literal(about.version)],
            DCTERMS.issued: [Literal(about.issued, datatype=XSD.date)] if about.issued else [],
            DCAT.landingPage: [URIRef(about.base_url)] if about.base_url else [],
            DCAT.keyword: [Literal(text, lang=lang or None) for lang, text in about.keywords],
            DCTERMS.language: [URIRef(_LANGUAGES + each) for each in about.languages],
            DCTERMS.license: _licences(about),
            DCTERMS.creator: [_node(about, each) for each in authors],
            DCTERMS.temporal: [_node(about, "period")] if about.period else [],
            DCTERMS.spatial: [_node(about, each) for each in places],
            DCAT.distribution: [_node(about, each.path) for each in about.files],
        },
    )
    for name, author in authors.items():
        kind = FOAF.Person if author.is_person else FOAF.Agent
        yield name, {RDF.type: [kind], FOAF.name: [Literal(author.name)]}
    if about.period is not None:
        first, last = (Literal(year, datatype=XSD.gYear) for year in about.period)
        days = {DCAT.startDate: [first], DCAT.endDate: [last]}
        yield "period", {RDF.type: [DCTERMS.PeriodOfTime], **days}
    for name, place in places.items():
        yield (
            name,
            {
                RDF.type: [DCTERMS.Location],
                DCTERMS.identifier: [Literal(place.id)],
                RDFS.label: _literals(place.names),
            },
        )


def _distribution(about: About, file: ReleasedFile) -> Iterator[tuple[str, Said]]:
    """What is said of a file, and of its checksum."""
    subject, table = about.subject(file), about.table(file.table)
    standard: list[Node] = []
    if table is not None and file.path in table.paths:
        standard = [URIRef(_TABLE_SCHEMA)]
    elif table is not None and file.media_type == JSON_TYPE:
        standard = [_address(about, schema_path(table.name))]
    checksum = f"sha256-{file.path}"
    # Of a file that is no table its owner says the type, perhaps with a parameter.
    media_type = file.media_type.partition(";")[0].strip()
    yield (
        file.path,
        {
            RDF.type: [DCAT.Distribution],
            DCAT.accessURL: [_address(about, file.path)],
            DCAT.downloadURL: [_address(about, file.path)],
            DCAT.mediaType: [URIRef(_MEDIA_TYPES + quote(media_type, safe="/+"))],
            DCAT.byteSize: [Literal(str(file.bytes), datatype=XSD.nonNegativeInteger)],
            DCTERMS.license: _licences(about),
            URIRef(f"{_SPDX}checksum"): [_node(about, checksum)],
            DCTERMS.title: _literals(subject.titles if subject else {"": file.path}),
            DCTERMS.description: _literals(subject.descriptions if subject else {}),
            DCTERMS.conformsTo: standard,
        },
    )
    yield (
        checksum,
        {
            RDF.type: [URIRef(f"{_SPDX}Checksum")],
            URIRef(f"{_SPDX}algorithm"): [URIRef(f"{_SPDX}checksumAlgorithm_sha256")],
            URIRef(f"{_SPDX}checksumValue"): [
                Literal(file.sha256, datatype=XSD.hexBinary, normalize=False)
            ],
        },
    )


def _node(about: About, fragment: str) -> URIRef:
    return _address(about, DCAT_FILE, fragment)


def _address(about: About, path: str, fragment: str = "") -> URIRef:
    return URIRef(about.link(quote(path)) + (f"#{quote(fragment)}" if fragment else ""))


def _licences(about: About) -> Iterator[Node]:
    """The addresses of the licences; a name without address is a text."""
    for name, path in about.licences:
        if is_web_address(path):
            yield URIRef(quote(path, safe="/:?#[]@!$&'()*+,;=%~"))
        elif name or path:
            yield Literal(name or path)


def _literals(texts: Texts) -> Iterator[Literal]:
    for language, text in texts.items():
        yield Literal(text, lang=language or None)
