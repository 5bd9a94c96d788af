"""The dataset: from Turtle files to named graphs, and from graphs to dumps and a store."""

import codecs
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, Self

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
    serialize,
)
from pyoxigraph import Dataset as OxigraphDataset
from pyoxigraph import Triple as OxigraphTriple

from kg.errors import DataError, FileError, TurtleSyntaxError
from kg.namespaces import GRAPH, PREFIXES, SOURCE, graph

__all__ = [
    "ASSERTED",
    "SLUG",
    "Dataset",
    "File",
    "Said",
    "Statement",
    "Term",
    "Triple",
    "by_subject",
    "canonical",
    "is_example",
    "parse_turtle",
    "paths",
    "prefixes",
    "read",
    "read_all",
    "read_bytes",
    "write_dumps",
    "write_store",
]

Term = NamedNode | BlankNode | Literal
Triple = tuple[NamedNode | BlankNode, NamedNode, Term]

# What each graph says of each subject: the values by property.
Said = dict[tuple[NamedNode, NamedNode | BlankNode], dict[NamedNode, list[Term]]]

# The kinds of graphs that say something of the world or of its terms: all but the shapes, and
# what is inferred.
ASSERTED = (
    *("ontology", "case/", "coding/", "reference/", "register/"),
    *("sources", "evidence", "metadata"),
)

# Which file stands for which graph (the first pattern that fits).
PLACES = (
    ("ontology/*.ttl", "ontology"),
    ("ontology/alignments/*.ttl", "ontology"),
    ("ontology/concepts/*.ttl", "ontology"),
    ("ontology/shapes/*.ttl", "shapes"),
    ("data/cases/*.ttl", "case/{stem}"),
    ("data/coding/*.ttl", "coding/{stem}"),
    ("data/reference/*.ttl", "reference/{stem}"),
    ("data/registers/*.ttl", "register/{stem}"),
    ("data/sources.ttl", "sources"),
    ("data/catalog.ttl", "metadata"),
)
EXAMPLES = "ontology/examples/"
NAMESPACE = re.compile(r".*[/#]")
KIND = re.compile(rf"(?:{PREFIXES['id']}|{PREFIXES['concept']})([a-z-]+)/")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


Key = tuple[str, ...]


class Statement(NamedTuple):
    """A triple of RDF 1.1 in a named graph."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: Term
    graph: NamedNode

    @classmethod
    def of(cls, row: Mapping[str, Term]) -> Self:
        """Return what a row of a query tells: ``subject``, ``property``, ``value``, ``graph``."""
        return cls(row["subject"], row["property"], row["value"], row["graph"])  # type: ignore[arg-type]

    @classmethod
    def in_graph(cls, triple: OxigraphTriple | Quad, graph: NamedNode) -> Self:
        """Return a triple of Oxigraph, which is one of RDF 1.1, as a statement of a graph."""
        return cls(triple.subject, triple.predicate, triple.object, graph)  # type: ignore[arg-type]

    @property
    def triple(self) -> OxigraphTriple:
        """The statement without its graph, for Oxigraph."""
        return OxigraphTriple(self.subject, self.predicate, self.object)


@dataclass(frozen=True)
class File:
    """A Turtle file: path from the project's folder, its graph, its sha256, its statements."""

    path: str
    graph: NamedNode
    digest: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Dataset:
    """The statements of all files; ``built`` are added to those of the dataset ``before``."""

    files: tuple[File, ...]
    built: tuple[Statement, ...] = ()
    before: Self | None = None

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, each once, by graph, subject, predicate and object."""
        return tuple(one for _, one in sorted(self._keyed.items()))

    @cached_property
    def _keyed(self) -> dict[Key, Statement]:
        """The statements by what they are sorted by, which takes long to make."""
        own = (one for file in self.files for one in file.statements)
        known = self.before._keyed if self.before else {_key(one): one for one in own}
        return known | {_key(one): one for one in self.built}

    def in_graphs(self, *kinds: str) -> list[Statement]:
        """Return the statements of the graphs of some kinds, such as ``case/`` or ``ontology``."""
        prefixes = tuple(GRAPH + kind for kind in kinds)
        return [one for one in self.statements if one.graph.value.startswith(prefixes)]

    def path(self, graph_name: NamedNode) -> str:
        """Return the path of the first file of a graph; ``data`` if it has none."""
        return next((file.path for file in self.files if file.graph == graph_name), "data")

    def place(self, focus: str, predicate: str = "") -> str:
        """Return the path of the first file that says a thing of a node, or anything of it.

        If none does, the first that mentions the node; ``data`` if there is none.
        """
        found = (self._places.get(key) for key in ((focus, predicate), (focus, ""), focus))
        return next(filter(None, found), "data")

    @cached_property
    def _places(self) -> dict[str | tuple[str, str], str]:
        places: dict[str | tuple[str, str], str] = {}
        for file in reversed(self.files):
            for one in file.statements:
                places[one.subject.value, one.predicate.value] = file.path
                places[one.subject.value, ""] = file.path
                places[one.object.value] = file.path
                places[one.predicate.value] = file.path
        return places

    def adding(self, statements: Iterable[Statement]) -> Self:
        """Return the dataset with more built statements."""
        return replace(self, built=tuple(statements), before=self)


def _key(statement: Statement) -> Key:
    return statement.graph.value, *map(str, statement[:3])


def read(project: Path) -> Dataset:
    """Return the dataset of a project's folder; blank nodes get names that depend on content.

    Raises ``DataError`` if a file is not Turtle or belongs to no graph, or if there is none.
    """
    dataset, faults = read_all(project)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise DataError("\n".join(map(str, faults)))
    return dataset


def read_all(project: Path) -> tuple[Dataset, list[FileError]]:
    """Return the dataset of the files that can be read, and what is wrong with the others.

    Raises ``DataError`` if there is no file.
    """
    files: list[File] = []
    faults: list[FileError] = []
    for path in paths(project):
        if not is_example(path.relative_to(project)):
            try:
                files.append(_read(project, path))
            except FileError as fault:
                faults.append(fault)
    if not (files or faults):
        raise DataError(f"{project}: no Turtle file in ontology/ or data/; is this the project?")
    return Dataset(tuple(files)), faults


def paths(project: Path) -> list[Path]:
    """Return the Turtle files of a project, the examples included, each once."""
    found = (
        Path(folder, name)
        for top in ("ontology", "data")
        for folder, _, names in os.walk(project / top, followlinks=True)
        for name in names
        if name.lower().endswith(".ttl")
    )
    once = {os.path.realpath(path): path for path in sorted(found, key=_depth, reverse=True)}
    return sorted(once.values())


def _depth(path: Path) -> tuple[int, Path]:
    return len(path.parts), path


def is_example(path: Path) -> bool:
    """Tell whether a file, by its path in the project, only serves to test the shapes."""
    return path.as_posix().startswith(EXAMPLES)


def _read(project: Path, path: Path) -> File:
    name = path.relative_to(project)
    graph_name = _graph_of(project, path)
    content = read_bytes(path)
    quads = parse_turtle(path, content)
    if any(_is_of_rdf_1_2(quad.object) for quad in quads):
        raise FileError(
            path, "holds a triple term or a text direction of RDF 1.2; data files are RDF 1.1."
        )
    return File(
        path=name.as_posix(),
        graph=graph_name,
        digest=hashlib.sha256(content).hexdigest(),
        statements=tuple(
            Statement.in_graph(quad, graph_name)
            for quad in _name_blank_nodes(quads, name.with_suffix("").as_posix().replace("/", "-"))
        ),
    )


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; raises ``FileError`` if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}.") from None


def parse_turtle(path: Path, content: bytes) -> list[Quad]:
    """Return the triples of Turtle from a file; raises ``TurtleSyntaxError``."""
    if content.startswith(codecs.BOM_UTF8):
        raise TurtleSyntaxError(path, "begins with a byte order mark; save it without", 1, 1)
    try:
        return list(parse(content, RdfFormat.TURTLE))
    except SyntaxError as error:
        raise TurtleSyntaxError(path, error.msg, error.lineno or 1, error.offset or 1) from None


def _is_of_rdf_1_2(value: Term | OxigraphTriple) -> bool:
    return isinstance(value, OxigraphTriple) or (
        isinstance(value, Literal) and value.direction is not None
    )


def _graph_of(project: Path, path: Path) -> NamedNode:
    place = path.relative_to(project)
    for pattern, name in PLACES:
        if place.match(pattern) and len(place.parts) == pattern.count("/") + 1:
            if not SLUG.fullmatch(path.stem):
                raise FileError(path, "a file is named in lower case ASCII, joined by hyphens.")
            return graph(name.format(stem=path.stem))
    patterns = ", ".join(pattern for pattern, _ in PLACES)
    raise FileError(path, f"no graph holds this file; move it to one of {patterns}")


def _name_blank_nodes(quads: list[Quad], prefix: str) -> list[Any]:
    """Name blank nodes by RDF Dataset Canonicalization, so that a new order changes nothing."""

    def name(node: Any) -> Any:
        return BlankNode(f"{prefix}-{node.value}") if isinstance(node, BlankNode) else node

    return [
        Quad(name(quad.subject), quad.predicate, name(quad.object)) for quad in canonical(quads)
    ]


def canonical(quads: Iterable[Quad]) -> OxigraphDataset:
    """Return statements with their blank nodes named canonically (RDFC-1.0)."""
    dataset = OxigraphDataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def by_subject(statements: Iterable[Statement]) -> Said:
    """Return statements by graph and subject: what is said of it, from property to values."""
    said: Said = {}
    for one in statements:
        own = said.setdefault((one.graph, one.subject), defaultdict(list))
        own[one.predicate].append(one.object)
    return said


def write_dumps(dataset: Dataset, folder: Path) -> None:
    """Write ``samenhang.nq``, ``samenhang.trig`` and a Turtle file a graph under ``graph/``.

    They come from the parsed statements and keep every lexical form; equal datasets give equal
    bytes.
    """
    quads = [Quad(*one) for one in dataset.statements]
    serialize(quads, folder / "samenhang.nq", RdfFormat.N_QUADS)
    serialize(
        quads, folder / "samenhang.trig", RdfFormat.TRIG, prefixes=prefixes(dataset.statements)
    )
    for graph_name, group in groupby(dataset.statements, key=lambda one: one.graph):
        statements = list(group)
        path = folder / "graph" / f"{graph_name.value.removeprefix(GRAPH)}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        triples = (one.triple for one in statements)
        serialize(triples, path, RdfFormat.TURTLE, prefixes=prefixes(statements))


def prefixes(statements: Iterable[Statement]) -> dict[str, str]:
    """Return a prefix for each namespace in use: the known ones and one for each kind of thing."""
    terms = {
        term.datatype if isinstance(term, Literal) else term
        for one in statements
        for term in one[:3]
    }
    nodes = {term.value for term in terms if isinstance(term, NamedNode)}
    used = {match[0] for match in map(NAMESPACE.match, nodes) if match}
    kinds = {match[1]: match[0] for match in map(KIND.fullmatch, used) if match}
    return kinds | {name: iri for name, iri in PREFIXES.items() if iri in used - {SOURCE}}


def write_store(dataset: Dataset, folder: Path, *, union: bool) -> None:
    """Write an Oxigraph store, with ``union`` one whose default graph has what all graphs have."""
    store = Store(folder)
    store.bulk_extend(Quad(*one) for one in dataset.statements)
    if union:
        store.bulk_extend(Quad(*one[:3]) for one in dataset.statements)
    store.optimize()
    store.flush()
