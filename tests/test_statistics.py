"""What the queries of ``queries/void/`` count is what there is, counted by other means."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg import statistics
from kg.build import Build
from kg.dataset import Statement
from kg.errors import DataError
from kg.namespaces import BASE, METADATA, PREFIXES, compact, term
from kg.statistics import Count, count

ROOT = Path(__file__).parents[1]
CONTENT = NamedNode(f"{PREFIXES['id']}dataset/content")
PARTITION = f"{PREFIXES['id']}partition/"
DATATYPE = NamedNode("http://ldf.fi/void-ext#datatype")
DATATYPE_PARTITION = NamedNode("http://ldf.fi/void-ext#datatypePartition")
TYPE = term("rdf:type")

Triple = tuple[object, NamedNode, object]


@pytest.fixture(scope="module")
def triples(built: Build) -> set[Triple]:
    """All triples of the build that stand in another graph than that of the metadata."""
    quads = parse(path=built.nquads, format=RdfFormat.N_QUADS)
    return {(one.subject, one.predicate, one.object) for one in quads if one.graph_name != METADATA}


@pytest.fixture(scope="module")
def members(triples: set[Triple]) -> dict[object, set[object]]:
    """The things of each class."""
    found: dict[object, set[object]] = defaultdict(set)
    for subject, predicate, value in triples:
        if predicate == TYPE and isinstance(value, NamedNode):
            found[value].add(subject)
    return found


def said(store: Store, subject: NamedNode | BlankNode, *properties: str) -> dict[str, int]:
    """Return the numbers that the metadata give of a subject."""
    return {
        one: int(quad.object.value)
        for one in properties
        for quad in store.quads_for_pattern(subject, term(one), None, METADATA)
        if isinstance(quad.object, Literal)
    }


def partitions(
    store: Store, whole: NamedNode | BlankNode, by: NamedNode, kind: NamedNode, *sizes: str
) -> dict[object, dict[str, int]]:
    """Return what the parts of something are told by, and the numbers of each."""
    parts = [quad.object for quad in store.quads_for_pattern(whole, by, None, METADATA)]
    kinds = {
        quad.object: part
        for part in parts
        for quad in store.quads_for_pattern(part, kind, None, METADATA)  # type: ignore[arg-type]
    }
    assert len(kinds) == len(parts)
    return {one: said(store, part, *sizes) for one, part in kinds.items()}  # type: ignore[arg-type]


def part(store: Store, name: str, wanted: str) -> BlankNode:
    """Return the part of a class that has a property."""
    whole = NamedNode(f"{PARTITION}class/{name.replace(':', '/')}")
    parts = store.quads_for_pattern(whole, term("void:propertyPartition"), None, METADATA)
    (found,) = (
        one.object
        for one in parts
        if (Quad(one.object, term("void:property"), term(wanted), METADATA)) in store  # type: ignore[arg-type]
    )
    assert isinstance(found, BlankNode)
    return found


def test_totals_are_those_of_all_graphs_but_the_metadata(
    store: Store, triples: set[Triple], members: dict[object, set[object]]
) -> None:
    subjects, properties, objects = (set(column) for column in zip(*triples, strict=True))
    things = {subject for subject, predicate, _ in triples if predicate == TYPE}
    assert said(
        store,
        CONTENT,
        *("void:triples", "void:distinctSubjects", "void:distinctObjects", "void:properties"),
        *("void:entities", "void:classes"),
    ) == {
        "void:triples": len(triples),
        "void:distinctSubjects": len(subjects),
        "void:distinctObjects": len(objects),
        "void:properties": len(properties),
        "void:entities": len(things),
        "void:classes": len(members),
    }


def test_each_property_is_counted(store: Store, triples: set[Triple]) -> None:
    expected = {}
    for wanted in {predicate for _, predicate, _ in triples}:
        own = [(subject, value) for subject, predicate, value in triples if predicate == wanted]
        expected[wanted] = {
            "void:triples": len(own),
            "void:distinctSubjects": len({subject for subject, _ in own}),
            "void:distinctObjects": len({value for _, value in own}),
        }
    by, kind = term("void:propertyPartition"), term("void:property")
    sizes = ("void:triples", "void:distinctSubjects", "void:distinctObjects")
    assert len(expected) > 150
    assert partitions(store, CONTENT, by, kind, *sizes) == expected


def test_each_class_is_counted(
    store: Store, triples: set[Triple], members: dict[object, set[object]]
) -> None:
    expected = {}
    for wanted, things in members.items():
        own = [predicate for subject, predicate, _ in triples if subject in things]
        expected[wanted] = {
            "void:entities": len(things),
            "void:triples": len(own),
            "void:properties": len(set(own)),
        }
    sizes = ("void:entities", "void:triples", "void:properties")
    found = partitions(store, CONTENT, term("void:classPartition"), term("void:class"), *sizes)
    assert len(expected) > 40
    assert found == expected


@pytest.mark.parametrize("name", ["sam:Pilot", "org:Membership", "skos:Concept", "sh:NodeShape"])
def test_the_properties_of_a_class_are_counted(
    name: str, store: Store, triples: set[Triple], members: dict[object, set[object]]
) -> None:
    things = members[term(name)]
    numbers = Counter(predicate for subject, predicate, _ in triples if subject in things)
    whole = NamedNode(f"{PARTITION}class/{name.replace(':', '/')}")
    by, kind = term("void:propertyPartition"), term("void:property")
    assert len(numbers) > 2
    assert partitions(store, whole, by, kind, "void:triples") == {
        one: {"void:triples": number} for one, number in numbers.items()
    }


@pytest.mark.parametrize(
    ("name", "linking"),
    [
        ("sam:Pilot", "sam:takesPlaceIn"),
        ("org:Membership", "org:member"),
        ("sam:Coding", "rdf:type"),
    ],
)
def test_the_values_of_a_property_are_counted_by_class(
    name: str,
    linking: str,
    store: Store,
    triples: set[Triple],
    members: dict[object, set[object]],
) -> None:
    values = {
        value
        for subject, predicate, value in triples
        if subject in members[term(name)] and predicate == term(linking)
    }
    expected = {
        kind: {"void:entities": len(values & things)}
        for kind, things in members.items()
        if values & things
    }
    whole = part(store, name, linking)
    found = partitions(
        store, whole, term("void:classPartition"), term("void:class"), "void:entities"
    )
    assert expected
    assert found == expected


@pytest.mark.parametrize(
    ("name", "described"), [("sam:Pilot", "sam:startDate"), ("sam:Pilot", "rdfs:label")]
)
def test_the_literals_of_a_property_are_counted_by_datatype(
    name: str,
    described: str,
    store: Store,
    triples: set[Triple],
    members: dict[object, set[object]],
) -> None:
    numbers = Counter(
        value.datatype
        for subject, predicate, value in triples
        if subject in members[term(name)]
        and predicate == term(described)
        and isinstance(value, Literal)
    )
    whole = part(store, name, described)
    found = partitions(store, whole, DATATYPE_PARTITION, DATATYPE, "void:triples")
    assert numbers
    assert found == {one: {"void:triples": number} for one, number in numbers.items()}


@pytest.mark.parametrize(
    ("target", "linking", "space"),
    [
        ("wikidata", "skos:closeMatch", "http://www.wikidata.org/entity/"),
        ("tooi", "skos:exactMatch", "https://identifier.overheid.nl/tooi/"),
        ("wetten", "rdfs:seeAlso", "https://wetten.overheid.nl/"),
        ("doi", "dcterms:source", "https://doi.org/"),
    ],
)
def test_links_to_another_dataset_are_counted(
    target: str, linking: str, space: str, store: Store, triples: set[Triple]
) -> None:
    links = [
        value
        for _, predicate, value in triples
        if predicate == term(linking)
        and isinstance(value, NamedNode)
        and value.value.startswith(space)
    ]
    linkset = NamedNode(f"{PREFIXES['id']}linkset/{target}/{linking.replace(':', '/')}")
    assert links
    assert said(store, linkset, "void:triples") == {"void:triples": len(links)}


def test_examples_are_of_the_class_that_they_stand_for(
    store: Store, members: dict[object, set[object]]
) -> None:
    parts = store.quads_for_pattern(None, term("void:exampleResource"), None, METADATA)
    checked = 0
    for part, _, example, _ in parts:
        (kind,) = store.quads_for_pattern(part, term("void:class"), None, METADATA)
        assert example in members[kind.object]
        checked += 1
    assert checked > 30


def test_one_begins_with_the_five_cases(store: Store) -> None:
    roots = store.quads_for_pattern(CONTENT, term("void:rootResource"), None, METADATA)
    slugs = {quad.object.value.rpartition("/")[2] for quad in roots}  # type: ignore[union-attr]
    assert slugs == {
        *("ede-west", "midden-limburg-west", "village-deals", "samen-ermelo", "de-kleine-schans"),
    }


def test_every_vocabulary_in_use_is_named(store: Store, triples: set[Triple]) -> None:
    used = {compact(predicate).partition(":")[0] for _, predicate, _ in triples}
    named = store.quads_for_pattern(CONTENT, term("void:vocabulary"), None, METADATA)
    prefixes = {space: prefix for prefix, space in PREFIXES.items()} | {f"{BASE}ontology": "sam"}
    found = {prefixes[quad.object.value] for quad in named}  # type: ignore[union-attr]
    assert used <= found


def statement(*terms: str) -> Statement:
    subject, predicate, value = (NamedNode(f"https://example.org/{one}") for one in terms)
    return Statement(subject, predicate, value, NamedNode("https://example.org/graph"))


@pytest.fixture
def counted() -> Callable[[str], set[Triple]]:
    def ask(
        text: str, statements: Iterable[Statement] = (statement("a", "b", "c"),)
    ) -> set[Triple]:
        return set(count(statements, (), [Count("queries/void/some.rq", "", text)]))

    return ask


def test_a_statement_in_two_graphs_counts_once() -> None:
    twice = [statement("a", "b", "c"), statement("a", "b", "c")._replace(graph=METADATA)]
    (query,) = (one for one in statistics.read(ROOT) if one.path.endswith("/totals.rq"))
    found = {predicate: value for _, predicate, value in count(twice, (), [query])}
    assert found[term("void:triples")] == Literal(1)


def test_a_term_of_no_known_vocabulary_has_a_part_of_its_own() -> None:
    (query,) = (one for one in statistics.read(ROOT) if one.path.endswith("/properties.rq"))
    found = {subject for subject, _, _ in count([statement("a", "b#d", "c")], (), [query])}
    own = NamedNode(f"{PARTITION}property/https/%2F%2Fexample.org%2Fb%23d")
    assert found == {CONTENT, own}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT * { ?s ?p ?o }", "queries/void/some.rq: is not a CONSTRUCT."),
        ("CONSTRUCT { ?s ?p", "queries/void/some.rq: is not SPARQL: "),
    ],
    ids=["rows", "no-sparql"],
)
def test_what_does_not_count_is_refused(
    text: str, reason: str, counted: Callable[[str], set[Triple]]
) -> None:
    with pytest.raises(DataError) as refused:
        counted(text)
    assert str(refused.value).startswith(reason)


def test_a_part_has_the_same_name_in_every_build(counted: Callable[[str], set[Triple]]) -> None:
    text = """CONSTRUCT { <https://w3id.org/samenhang/.well-known/genid/a/b> ?p ?o }
      WHERE { ?s ?p ?o }"""
    once, again = counted(text), counted(text)
    assert once == again
    ((subject, _, _),) = once
    assert isinstance(subject, BlankNode)


def test_what_is_known_of_the_dataset_can_be_asked_for() -> None:
    known = statement("known", "is", "here")
    text = (
        "CONSTRUCT { ?s ?p ?o } WHERE { "
        f"GRAPH <{METADATA.value}> {{ ?s ?p ?o FILTER(isIRI(?o)) }} }}"
    )
    found = count([statement("a", "b", "c")], [known], [Count("some.rq", "", text)])
    assert found == {known[:3]}


def test_counts_are_read_in_the_order_of_their_names_with_their_digests() -> None:
    counts = statistics.read(ROOT)
    assert [one.path for one in counts] == sorted(one.path for one in counts)
    assert len(counts) > 8
    assert all(len(one.digest) == 64 for one in counts)


def test_a_project_without_counts_has_none(tmp_path: Path) -> None:
    assert statistics.read(tmp_path) == ()
