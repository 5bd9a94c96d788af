"""What the metadata graph says of the dataset is so."""

from pyoxigraph import Store

from kg.build import Build

PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sam: <https://w3id.org/samenhang/ontology#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX dataset: <https://w3id.org/samenhang/id/dataset/>
"""


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    answer = store.query(PREFIXES + query, use_default_graph_as_union=True)
    return [tuple(term.value for term in row) for row in answer]


def test_the_dataset_has_its_version_and_its_size(built: Build, store: Store) -> None:
    query = "SELECT ?v ?n { dataset:samenhang dcat:version ?v ; void:triples ?n }"
    assert rows(store, query) == [(built.version, str(built.triples))]


def test_every_graph_is_described_with_its_size(store: Store) -> None:
    stated = rows(store, "SELECT ?g ?n { dataset:samenhang void:subset ?g . ?g void:triples ?n }")
    counted = rows(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert len(counted) > 8
    assert sorted(stated) == sorted(counted)


def test_the_build_names_its_files_with_digests_and_its_tools(store: Store) -> None:
    files = rows(
        store,
        "SELECT ?label ?digest { ?build prov:used ?f . ?f rdfs:label ?label ; sam:sha256 ?digest }",
    )
    assert len(files) > 20
    assert "data/cases/ede-west.ttl" in {label for label, _ in files}
    assert all(len(digest) == 64 for _, digest in files)
    tools = rows(store, "SELECT DISTINCT ?l { ?b prov:wasAssociatedWith ?t . ?t rdfs:label ?l }")
    assert {label.split()[0] for (label,) in tools} == {
        "samenhang",
        "pyoxigraph",
        "reasonable",
        "pyshacl",
    }


def test_everything_that_the_build_describes_is_labelled_in_both_languages(store: Store) -> None:
    unlabelled = rows(
        store,
        """SELECT DISTINCT ?s {
          GRAPH <https://w3id.org/samenhang/graph/metadata> { ?s a ?type }
          FILTER(!isBlank(?s))
          VALUES ?language { "nl" "en" }
          FILTER NOT EXISTS { ?s rdfs:label ?label FILTER(LANG(?label) = ?language) }
        }""",
    )
    assert unlabelled == []
