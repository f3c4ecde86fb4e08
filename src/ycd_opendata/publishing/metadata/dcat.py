"""``dcat.ttl``: the release as a data catalogue harvests it, DCAT 3 in Turtle.

Every node has an address, a fragment of this file's own, and none is blank: the text is then the
same on each run. Without the catalogue's address they are relative to where the file stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from ycd_opendata.publishing.contents import ReleasedFile
from ycd_opendata.publishing.metadata.about import About, Texts
from ycd_opendata.publishing.metadata.json_schema import schema_path

if TYPE_CHECKING:
    from rdflib import Literal, URIRef
    from rdflib.term import Node

DCAT_FILE = "dcat.ttl"

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_TABLE_SCHEMA = "https://datapackage.org/standard/table-schema/"
_SPDX = "http://spdx.org/rdf/terms#"

Triple = tuple["URIRef", "URIRef", "Node"]


def dcat_text(about: About) -> str:
    """The text."""
    from rdflib import DCAT, DCTERMS, FOAF, RDFS, SDO, XSD, Graph

    graph = Graph(bind_namespaces="none")
    terms = {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "rdfs": RDFS, "schema": SDO}
    for prefix, namespace in (terms | {"spdx": _SPDX, "xsd": XSD}).items():
        graph.bind(prefix, namespace)
    for triples in (_dataset(about), _agents(about), _coverage(about)):
        for each in triples:
            graph.add(each)
    for file in about.files:
        for each in _distribution(about, file):
            graph.add(each)
    return graph.serialize(format="turtle").strip() + "\n"


def _dataset(about: About) -> Iterator[Triple]:
    from rdflib import DCAT, DCTERMS, RDF, XSD, Literal, URIRef

    node = _node(about, "dataset")
    yield node, RDF.type, DCAT.Dataset
    yield from ((node, DCTERMS.title, each) for each in _literals(about.titles))
    description = {about.language: about.description}
    yield from ((node, DCTERMS.description, each) for each in _literals(description))
    # A term of DCAT 3, which rdflib does not know yet.
    yield node, URIRef(f"{DCAT}version"), Literal(about.version)
    if about.issued:
        yield node, DCTERMS.issued, Literal(about.issued, datatype=XSD.date)
    if about.base_url:
        yield node, DCAT.landingPage, URIRef(about.base_url)
    for language, text in about.keywords:
        yield node, DCAT.keyword, Literal(text, lang=language or None)
    for language in about.languages:
        yield node, DCTERMS.language, URIRef(_LANGUAGES + language)
    yield from ((node, DCTERMS.license, each) for each in _licences(about))
    for file in about.files:
        yield node, DCAT.distribution, _node(about, file.path)


def _agents(about: About) -> Iterator[Triple]:
    from rdflib import DCTERMS, FOAF, RDF, Literal

    for number, author in enumerate(about.authors, 1):
        node = _node(about, f"creator-{number}")
        yield _node(about, "dataset"), DCTERMS.creator, node
        yield node, RDF.type, FOAF.Person if author.is_person else FOAF.Agent
        yield node, FOAF.name, Literal(author.name)


def _coverage(about: About) -> Iterator[Triple]:
    from rdflib import DCAT, DCTERMS, RDF, RDFS, XSD, Literal

    dataset = _node(about, "dataset")
    if about.period is not None:
        node = _node(about, "period")
        yield dataset, DCTERMS.temporal, node
        yield node, RDF.type, DCTERMS.PeriodOfTime
        first, last = (Literal(year, datatype=XSD.gYear) for year in about.period)
        yield node, DCAT.startDate, first
        yield node, DCAT.endDate, last
    for place in about.places:
        node = _node(about, f"place-{place.id}")
        yield dataset, DCTERMS.spatial, node
        yield node, RDF.type, DCTERMS.Location
        yield node, DCTERMS.identifier, Literal(place.id)
        yield from ((node, RDFS.label, each) for each in _literals(place.names))


def _distribution(about: About, file: ReleasedFile) -> Iterator[Triple]:
    from rdflib import DCAT, DCTERMS, RDF, XSD, Literal, URIRef

    node, place = _node(about, file.path), _address(about, file.path)
    yield node, RDF.type, DCAT.Distribution
    yield node, DCAT.accessURL, place
    yield node, DCAT.downloadURL, place
    yield node, DCAT.mediaType, URIRef(_MEDIA_TYPES + file.media_type)
    yield node, DCAT.byteSize, Literal(str(file.bytes), datatype=XSD.nonNegativeInteger)
    yield from ((node, DCTERMS.license, each) for each in _licences(about))
    checksum, spdx = _node(about, f"sha256-{file.path}"), _SPDX
    yield node, URIRef(f"{spdx}checksum"), checksum
    yield checksum, RDF.type, URIRef(f"{spdx}Checksum")
    yield checksum, URIRef(f"{spdx}algorithm"), URIRef(f"{spdx}checksumAlgorithm_sha256")
    value = Literal(file.sha256, datatype=XSD.hexBinary, normalize=False)
    yield checksum, URIRef(f"{spdx}checksumValue"), value
    subject = about.subject(file)
    for predicate, texts in (
        (DCTERMS.title, subject.titles if subject else {"": file.path}),
        (DCTERMS.description, subject.descriptions if subject else {}),
    ):
        yield from ((node, predicate, each) for each in _literals(texts))
    table = about.table(file.table)
    if table is None:
        return
    if file.path in table.paths:
        yield node, DCTERMS.conformsTo, URIRef(_TABLE_SCHEMA)
    elif file.media_type == "application/json":
        yield node, DCTERMS.conformsTo, _address(about, schema_path(table.name))


def _node(about: About, fragment: str) -> URIRef:
    return _address(about, DCAT_FILE, fragment)


def _address(about: About, path: str, fragment: str = "") -> URIRef:
    from rdflib import URIRef

    return URIRef(about.link(quote(path)) + (f"#{quote(fragment)}" if fragment else ""))


def _licences(about: About) -> Iterator[Node]:
    """The addresses of the licences; a name without address is a text."""
    from rdflib import Literal, URIRef

    for name, path in about.licences:
        if path.startswith(("http://", "https://")):
            yield URIRef(quote(path, safe="/:?#[]@!$&'()*+,;=%~"))
        elif name or path:
            yield Literal(name or path)


def _literals(texts: Texts) -> Iterator[Literal]:
    from rdflib import Literal

    for language, text in texts.items():
        yield Literal(text, lang=language or None)
