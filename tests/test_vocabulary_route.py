"""The ontology, the shapes and the concepts are published as pages and as data."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs

import httpx
import pytest
import rdflib
from pyoxigraph import NamedNode, Store
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from kg import texts
from kg.namespaces import BASE, PREFIXES, graph, term
from serving import ROOT

LANGUAGES = {"": "en", "/nl": "nl"}
PAGES = (
    *("/ontology", "/ontology/changelog", "/shapes", "/concept", "/concept/role"),
    *("/concept/codebook", "/concept/role/chair", "/concept/codebook/v06"),
)
HTML = {"Accept": "text/html"}
DATA = {
    "ttl": ("text/turtle", "turtle"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
}


class Page(HTMLParser):
    """What a page holds: its anchors, links and headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            elif (tag, name) == ("a", "href") and value:
                self.links.append(value)


@pytest.fixture(scope="module")
def pages(url: str) -> dict[str, Page]:
    """All pages in both languages, by path."""
    found = {}
    for path in (f"{prefix}{page}" for prefix in LANGUAGES for page in PAGES):
        answer = httpx.get(url + path, headers=HTML)
        assert answer.status_code == 200, path
        found[path] = Page(answer.text)
    return found


def queries(page: Page) -> list[str]:
    fragments = (link.partition("#")[2] for link in page.links)
    return [query for one in fragments for query in parse_qs(one).get("query", [])]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", LANGUAGES, ids=LANGUAGES.get)
def test_a_page_is_in_its_language_and_names_no_place_twice(
    url: str, pages: dict[str, Page], prefix: str, page: str
) -> None:
    html = httpx.get(url + prefix + page, headers=HTML).text
    assert f'<html lang="{LANGUAGES[prefix]}">' in html
    assert "style=" not in html
    ids = pages[prefix + page].ids
    assert len(ids) == len(set(ids))
    inside = {link[1:] for link in pages[prefix + page].links if link.startswith("#")}
    assert inside - {"content"} <= set(ids)


@pytest.mark.parametrize("prefix", LANGUAGES, ids=LANGUAGES.get)
@pytest.mark.parametrize(("page", "namespace"), [("/ontology", "sam"), ("/shapes", "shapes")])
def test_every_term_with_a_fragment_has_its_place(
    pages: dict[str, Page], store: Store, prefix: str, page: str, namespace: str
) -> None:
    name = graph("ontology" if namespace == "sam" else "shapes")
    subjects = {
        quad.subject.value.removeprefix(PREFIXES[namespace])
        for quad in store.quads_for_pattern(None, term("rdf:type"), None, name)
        if quad.subject.value.startswith(PREFIXES[namespace])
    }
    assert len(subjects) > 100
    assert subjects <= set(pages[prefix + page].ids)


def test_terms_of_other_vocabularies_have_a_place_and_a_link_to_their_home(
    pages: dict[str, Page],
) -> None:
    assert "org:Organization" in pages["/ontology"].ids
    assert term("org:Organization").value in pages["/ontology"].links


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES.items(), ids=LANGUAGES.values())
def test_a_term_is_told_with_all_that_is_said_of_it(
    url: str, store: Store, prefix: str, language: str
) -> None:
    html = httpx.get(f"{url}{prefix}/ontology", headers=HTML).text
    card = html.partition('id="Collaboration"')[2].partition("</article>")[0]
    words = texts.read("nl" if language == "nl" else "en")["vocabulary"]
    definition = next(
        quad.object.value
        for quad in store.quads_for_pattern(
            term("sam:Collaboration"), term("skos:definition"), None
        )
        if quad.object.language == language
    )
    assert definition in card
    for fact in ("above", "below", "properties", "values_of", "demands", "disjoint"):
        assert f"<dt>{words['facts'][fact]}</dt>" in card
    assert f'href="{prefix}/ontology#Programme"' in card
    assert f'href="{prefix}/shapes#Collaboration"' in card


def test_a_count_is_that_of_the_data_and_its_query_shows_the_same(url: str, store: Store) -> None:
    html = httpx.get(f"{url}/ontology", headers=HTML).text
    card = html.partition('id="Pilot"')[2].partition("</article>")[0]
    pilots = {
        quad.subject for quad in store.quads_for_pattern(None, term("rdf:type"), term("sam:Pilot"))
    }
    assert f"{len(pilots)} things" in card
    (query,) = queries(Page(card))
    answer = httpx.get(
        f"{url}/sparql",
        params={"query": query},
        headers={"Accept": "application/sparql-results+json"},
    )
    rows = answer.json()["results"]["bindings"]
    assert {NamedNode(row["thing"]["value"]) for row in rows} == pilots
    assert all(row["label"]["xml:lang"] == "en" for row in rows)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/ontology", "uses_of_class"),
        ("/ontology", "uses_of_property"),
        ("/nl/concept/role", "uses_of_concept"),
    ],
    ids=["class", "property", "concept"],
)
def test_queries_of_uses_have_an_answer(
    url: str, pages: dict[str, Page], path: str, kind: str
) -> None:
    head = (ROOT / "src" / "kg" / "queries" / f"{kind}.rq").read_text("utf-8").partition("\n")[0]
    query = next(one for one in queries(pages[path]) if one.startswith(head))
    answer = httpx.get(f"{url}/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert len(answer.text.splitlines()) > 1


@pytest.mark.parametrize("suffix", DATA)
@pytest.mark.parametrize(
    ("path", "name"), [("/ontology", "ontology"), ("/shapes", "shapes")], ids=["ontology", "shapes"]
)
def test_the_data_is_the_whole_graph(
    url: str, store: Store, path: str, name: str, suffix: str
) -> None:
    media_type, parser = DATA[suffix]
    answer = httpx.get(f"{url}{path}.{suffix}")
    assert answer.headers["content-type"].partition(";")[0] == media_type
    if parser == "json-ld":
        assert "@context" in answer.json()
        return
    found = rdflib.Graph().parse(data=answer.text, format=parser)
    assert len(found) == len(list(store.quads_for_pattern(None, None, None, graph(name))))


def test_a_reasoner_gets_the_ontology_at_its_iri(url: str) -> None:
    answer = httpx.get(f"{url}/ontology", headers={"Accept": "application/rdf+xml"})
    found = rdflib.Graph().parse(data=answer.text, format="xml")
    node = URIRef(f"{BASE}ontology")
    assert (node, RDF.type, OWL.Ontology) in found
    assert (URIRef(f"{PREFIXES['sam']}Pilot"), RDFS.isDefinedBy, node) in found
    assert answer.headers["vary"].startswith("Accept")


def test_the_present_version_is_the_ontology_and_leads_to_the_latest(
    url: str, store: Store
) -> None:
    (quad,) = store.quads_for_pattern(NamedNode(f"{BASE}ontology"), term("owl:versionIRI"), None)
    path = "/" + quad.object.value.removeprefix(BASE)
    answer = httpx.get(url + path, headers=HTML)
    assert answer.status_code == 200
    assert 'id="Pilot"' in answer.text
    assert f'<{url}/ontology>; rel="latest-version"' in answer.headers["link"]
    assert f'<{url}/ontology/changelog>; rel="version-history"' in answer.headers["link"]
    assert httpx.get(f"{url}{path}.ttl").content == httpx.get(f"{url}/ontology.ttl").content


def test_a_version_that_is_not_kept_answers_404_with_where_to_look(url: str) -> None:
    answer = httpx.get(f"{url}/ontology/0.0.1", headers={"Accept": "application/problem+json"})
    assert answer.status_code == 404
    assert {"/ontology/0.1.0", "/ontology/changelog"} <= set(answer.json()["near"].values())


def test_the_changelog_tells_what_changed(url: str, store: Store) -> None:
    notes = [
        quad.object
        for quad in store.quads_for_pattern(None, term("skos:changeNote"), None)
        if quad.object.language == "nl"
    ]
    page = unescape(httpx.get(f"{url}/nl/ontology/changelog", headers=HTML).text)
    assert notes
    assert [note.value for note in notes if note.value not in page] == []
    found = rdflib.Graph().parse(data=httpx.get(f"{url}/ontology/changelog.ttl").text)
    assert {str(one) for one in found.objects(None, SKOS.changeNote)} >= {
        note.value for note in notes
    }


def test_a_shape_is_told_in_words(url: str) -> None:
    html = httpx.get(f"{url}/nl/shapes", headers=HTML).text
    card = html.partition('id="Collaboration-documentedIn"')[2].partition("</div>")[0]
    assert "Een samenwerking is gedocumenteerd in een brondocument." in card
    assert "A collaboration is documented in" not in card
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", card))
    assert "ten minste 1 waarde" in plain
    assert "van de klasse brondocument" in plain


def test_every_scheme_is_listed_and_every_concept_on_the_page_of_its_scheme(
    pages: dict[str, Page], store: Store
) -> None:
    of_type = {
        kind: {
            quad.subject.value.removeprefix(BASE)
            for quad in store.quads_for_pattern(
                None, term("rdf:type"), term(kind), graph("ontology")
            )
        }
        for kind in ("skos:ConceptScheme", "skos:Concept")
    }
    for path in of_type["skos:ConceptScheme"]:
        assert f"/{path}" in pages["/concept"].links
    for path in of_type["skos:Concept"]:
        scheme, _, slug = f"/{path}".rpartition("/")
        if scheme in pages:
            assert f"/{path}" in pages[scheme].links
            assert slug in pages[scheme].ids


def test_a_scheme_answers_with_what_is_said_of_it_and_its_concepts(url: str) -> None:
    found = rdflib.Graph().parse(data=httpx.get(f"{url}/concept/role.ttl").text)
    scheme = URIRef(f"{BASE}concept/role")
    concepts = set(found.subjects(SKOS.inScheme, scheme))
    assert (scheme, RDF.type, SKOS.ConceptScheme) in found
    assert len(concepts) > 5
    assert set(found.subjects()) == {scheme, *concepts}


def test_a_variable_shows_its_notation_rule_and_values(url: str) -> None:
    html = httpx.get(f"{url}/nl/concept/codebook", headers=HTML).text
    card = html.partition('id="v02"')[2].partition("</article>")[0]
    assert "V02" in card
    assert "Codeer het verste stadium" in card
    assert 'href="/nl/concept/stage"' in card


def test_a_concept_shows_what_bears_it(url: str) -> None:
    html = httpx.get(f"{url}/concept/role/chair", headers=HTML).text
    incoming = html.partition('class="incoming"')[2]
    assert "/doc/post/" in incoming
    assert "kind-stated" in incoming


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/concept/role", "DefinedTermSet"), ("/concept/role/chair", "DefinedTerm")],
    ids=["scheme", "concept"],
)
def test_what_a_page_is_of_is_signposted(url: str, path: str, kind: str) -> None:
    answer = httpx.head(url + path, headers=HTML)
    assert f'<https://schema.org/{kind}>; rel="type"' in answer.headers["link"]
    assert f'<{BASE}{path[1:]}>; rel="cite-as"' in answer.headers["link"]


@pytest.mark.parametrize(
    "path",
    [
        *("/concept/none", "/concept/none/none", "/concept/role/none", "/concept/role/chair/more"),
        *("/shapes.foo", "/concept.foo", "/ontology.foo", "/ontology/changelog.foo", "/shapes/x"),
    ],
)
def test_what_there_is_nothing_of_answers_404(url: str, path: str) -> None:
    answer = httpx.get(url + path, headers=HTML)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES.items(), ids=LANGUAGES.values())
def test_the_drawing_is_in_the_language_of_the_page(url: str, prefix: str, language: str) -> None:
    html = httpx.get(f"{url}{prefix}/ontology", headers=HTML).text
    drawing = html.partition('<svg class="diagram"')[2].partition("</svg>")[0]
    assert {"en": "carries out", "nl": "voert uit"}[language] in drawing
    assert 'href="#Collaboration"' in drawing
    assert "<desc" in drawing
