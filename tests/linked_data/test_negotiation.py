"""Documents as HTTP has it: formats by Accept and by suffix, links, caches, and polite refusals.

https://www.rfc-editor.org/rfc/rfc9110, https://www.rfc-editor.org/rfc/rfc8288,
https://signposting.org/FAIR/
"""

from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from linked_data.crawler import FORMATS
from linked_data.links import PATIENCE, fetch, links

PATH = "/doc/pilot/ede-west"
PILOT = "https://w3id.org/samenhang/id/pilot/ede-west"
TURTLE, HTML = "text/turtle", "text/html"
DOCUMENTS = [
    *(PATH, "/doc", "/doc/pilot", "/ontology", "/shapes", "/concept", "/concept/role"),
    *("/source", "/source/ede-west", "/graph", "/graph/case/ede-west", "/data"),
]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OLD_BROWSER = "text/html, application/xhtml+xml, image/jxr, */*"
# https://github.com/apache/jena/blob/main/jena-arq/src/main/java/org/apache/jena/riot/WebContent.java
JENA_GRAPH = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
    "application/rdf+xml;q=0.7,*/*;q=0.3"
)
JENA_DATASET = (
    "application/trig,application/n-quads;q=0.9,text/x-nquads;q=0.8,application/x-trig;q=0.7,"
    "application/ld+json;q=0.5,*/*;q=0.3"
)
# https://github.com/RDFLib/rdflib/blob/main/rdflib/parser.py
RDFLIB = (
    "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, "
    "application/n-quads, application/trix, application/trig"
)
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,"
    "application/xml;q=0.3,image/svg+xml;q=0.3,text/xml;q=0.3,text/html;q=0.2,"
    "application/xhtml+xml;q=0.18,application/json;q=0.135,text/shaclc;q=0.1,"
    "text/shaclc-ext;q=0.05"
)
CHOICES = {
    "nothing": (None, HTML),
    "curl": ("*/*", HTML),
    "a browser": (BROWSER, HTML),
    "an old browser": (OLD_BROWSER, HTML),
    "Jena, for a graph": (JENA_GRAPH, TURTLE),
    "Jena, for a dataset": (JENA_DATASET, "application/trig"),
    "rdflib, for Turtle": ("text/turtle, application/x-turtle, */*;q=0.1", TURTLE),
    "rdflib, for RDF/XML": ("application/rdf+xml, */*;q=0.1", "application/rdf+xml"),
    "rdflib, for JSON-LD": (
        "application/ld+json, application/json;q=0.9, */*;q=0.1",
        "application/ld+json",
    ),
    # It likes quads best, but its queries match the default graph, in which quads of ours are not.
    "Comunica": (COMUNICA, "application/ld+json"),
    "a weight": ("text/turtle;q=0.5, application/rdf+xml", "application/rdf+xml"),
    "the order of equals": ("application/rdf+xml, text/turtle", TURTLE),
    "anything at last": ("application/n-triples, */*;q=0.1", "application/n-triples"),
    "a range": ("text/*;q=0.9, application/ld+json;q=0.5", HTML),
    "the specific before the general": ("text/*, text/html;q=0.1", TURTLE),
    "the specific before the whole": ("*/*, text/html;q=0", TURTLE),
    "no page": ("text/html;q=0, application/*;q=0.5", "application/n-triples"),
    "a profile": (
        'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
        "application/ld+json",
    ),
    "a charset": ("text/turtle;charset=utf-8", TURTLE),
    "capitals": ("TEXT/Turtle", TURTLE),
    "an unknown type besides": ("application/trix, application/trig;q=0.1", "application/trig"),
}


def get(url: str, path: str, accept: str | None = None, **fields: str) -> httpx.Response:
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        del client.headers["accept"]
        headers = {"Accept": accept} if accept is not None else {}
        return client.get(
            path, headers=headers | {k.replace("_", "-"): v for k, v in fields.items()}
        )


def media_type(response: httpx.Response) -> str:
    return str(response.headers["content-type"]).partition(";")[0]


@pytest.mark.parametrize("name", CHOICES)
def test_a_client_gets_what_it_likes_best(url: str, name: str) -> None:
    accept, expected = CHOICES[name]
    response = get(url, PATH, accept)
    assert (response.status_code, media_type(response)) == (200, expected)
    assert "Ede-West" in response.text
    assert "Accept" in response.headers["vary"].split(", ")


def test_whoever_takes_any_rdf_gets_rdf(url: str) -> None:
    response = get(url, PATH, RDFLIB)
    assert media_type(response) in {one for one, _ in FORMATS.values()}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_each_document_has_each_format(url: str, path: str) -> None:
    for suffix, (wanted, syntax) in FORMATS.items():
        chosen, fixed = get(url, path, wanted), get(url, f"{path}.{suffix}", HTML)
        assert (chosen.status_code, fixed.status_code) == (200, 200), suffix
        assert media_type(chosen) == media_type(fixed) == wanted
        assert chosen.headers["content-location"] == f"{path}.{suffix}"
        assert "content-location" not in fixed.headers
        assert "Accept" not in fixed.headers.get("vary", "").split(", ")
        if syntax is not RdfFormat.JSON_LD:
            assert any(parse(fixed.content, syntax)), suffix


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("prefix", ["", "/nl"])
def test_each_document_has_a_page_in_each_language(url: str, prefix: str, path: str) -> None:
    for response in (get(url, prefix + path, BROWSER), get(url, f"{prefix}{path}.html", TURTLE)):
        assert (response.status_code, media_type(response)) == (200, HTML)
        assert response.headers["content-language"] == (prefix[1:] or "en")
        assert f'<html lang="{prefix[1:] or "en"}"' in response.text


@pytest.mark.parametrize("path", [PATH, "/ontology", "/concept/role", "/data"])
@pytest.mark.parametrize("accept", ["image/png", "text/csv", "application/trix", "text/html;q=0"])
def test_what_cannot_be_had_is_refused_with_what_can(url: str, path: str, accept: str) -> None:
    refused = f"{accept}, application/problem+json;q=0.1" if "q=0" in accept else accept
    response = get(url, path, refused)
    assert response.status_code == 406
    assert "Accept" in response.headers["vary"]
    problem = response.json()
    assert problem["status"] == 406
    for offered in (HTML, *(one for one, _ in FORMATS.values())):
        assert offered in problem["detail"]


@pytest.mark.parametrize("path", [PATH, f"{PATH}.ttl", "/ontology", "/nl/concept/role", "/data"])
@pytest.mark.parametrize("accept", [HTML, TURTLE])
def test_what_a_client_has_is_not_sent_again(url: str, path: str, accept: str) -> None:
    first = get(url, path, accept)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    assert tag.startswith('W/"')
    known = (
        {"If_None_Match": tag},
        {"If_None_Match": f'"other", {tag}'},
        {"If_None_Match": tag.removeprefix("W/")},
        {"If_None_Match": "*"},
        # Where more than the dataset decides, as which versions there are, no date does.
        *([] if path == "/data" else [{"If_Modified_Since": modified}]),
    )
    for fields in known:
        response = get(url, path, accept, **fields)
        assert (response.status_code, response.content) == (304, b""), fields
        for name in ("etag", "cache-control", "vary", "content-location"):
            assert response.headers.get(name) == first.headers.get(name), (fields, name)


def test_what_a_client_no_longer_has_is_sent(url: str) -> None:
    first = get(url, PATH, TURTLE)
    before = parsedate_to_datetime(first.headers["last-modified"]) - timedelta(seconds=1)
    assert get(url, PATH, TURTLE, If_None_Match='W/"other"').content == first.content
    earlier = format_datetime(before, usegmt=True)
    assert get(url, PATH, TURTLE, If_Modified_Since=earlier).content == first.content
    # A tag goes before a date (RFC 9110, section 13.2.2); a date that is none counts for nothing.
    both = {"If_None_Match": 'W/"other"', "If_Modified_Since": first.headers["last-modified"]}
    assert get(url, PATH, TURTLE, **both).content == first.content
    assert get(url, PATH, TURTLE, If_Modified_Since="yesterday").content == first.content


def test_each_view_has_a_tag_of_its_own(url: str) -> None:
    paths = [PATH, f"/nl{PATH}", *(f"{PATH}.{suffix}" for suffix in FORMATS)]
    tags = [get(url, path).headers["etag"] for path in paths]
    assert len(set(tags)) == len(paths)
    assert get(url, PATH).headers["etag"] == tags[0]


@pytest.mark.parametrize("accept", [HTML, TURTLE, "application/ld+json"])
@pytest.mark.parametrize("path", [*DOCUMENTS, "/id/pilot/ede-west"])
def test_head_is_get_without_the_body(url: str, path: str, accept: str) -> None:
    whole = fetch(url + path, headers={"Accept": accept})
    head = fetch(url + path, "HEAD", headers={"Accept": accept})
    assert (head.status_code, head.content) == (whole.status_code, b"")
    changing = {"date", "content-length", "transfer-encoding"}
    fields = {name: value for name, value in whole.headers.items() if name not in changing}
    assert {name: head.headers.get(name) for name in fields} == fields


@pytest.mark.parametrize("suffix", ["", ".ttl", ".html"])
@pytest.mark.parametrize("prefix", ["", "/nl"])
def test_a_thing_leads_to_the_document_about_it(url: str, prefix: str, suffix: str) -> None:
    response = get(url, f"{prefix}/id/pilot/ede-west{suffix}", TURTLE)
    assert (response.status_code, response.content) == (303, b"")
    assert response.headers["location"] == f"{prefix}{PATH}{suffix}"
    assert response.headers["access-control-allow-origin"] == "*"
    links = response.links
    assert links["describedby"]["url"] == f"{url}{prefix}{PATH}{suffix}"
    assert links["cite-as"]["url"] == PILOT


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_lead_from_a_page_to_its_data(url: str, path: str) -> None:
    response = get(url, path, HTML)
    found = links(response)
    relations = {link["rel"] for link in found}
    assert {"cite-as", "type", "license", "author", "describedby"} <= relations
    assert all(link["url"].startswith(("http://", "https://")) for link in found)
    (cited,) = [link["url"] for link in found if link["rel"] == "cite-as"]
    assert cited.startswith("https://w3id.org/samenhang")
    described = {link["type"]: link["url"] for link in found if link["rel"] == "describedby"}
    assert {TURTLE, "application/ld+json"} <= described.keys()
    for wanted, where in described.items():
        answer = fetch(where)
        assert (answer.status_code, media_type(answer)) == (200, wanted)
    (other,) = [link for link in found if link["rel"] == "alternate" and "hreflang" in link]
    assert (other["hreflang"], other["url"]) == ("nl", f"{url}/nl{path}")


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_lead_from_data_to_their_page(url: str, path: str) -> None:
    found = links(get(url, path, TURTLE))
    (page,) = [link["url"] for link in found if link["rel"] == "describes"]
    assert page == url + path
    assert media_type(get(url, path, BROWSER)) == HTML


@pytest.mark.parametrize("relation", ["author", "collection"])
def test_links_of_this_host_lead_somewhere(url: str, relation: str) -> None:
    (where,) = [link["url"] for link in links(get(url, PATH, HTML)) if link["rel"] == relation]
    assert where.startswith(f"{url}/")
    answer = fetch(where, headers={"Accept": HTML}, follow_redirects=True)
    assert (answer.status_code, media_type(answer)) == (200, HTML)


def test_a_list_links_to_its_items(url: str) -> None:
    items = [link["url"] for link in links(get(url, "/doc/pilot", HTML)) if link["rel"] == "item"]
    assert f"{url}/id/pilot/ede-west" in items
    for item in items[:3]:
        assert fetch(item, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("path", [*DOCUMENTS, f"{PATH}.ttl", "/context.jsonld"])
def test_a_script_of_another_site_may_read_documents(url: str, path: str) -> None:
    response = get(url, path, "*/*", Origin="https://example.org")
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("prefix", ["/id", "/doc", "/nl/id", "/nl/doc"])
def test_a_name_that_is_none_answers_with_names_like_it(url: str, prefix: str) -> None:
    path = f"{prefix}/pilot/ede-wets"
    problem = get(url, path, "application/problem+json")
    assert (problem.status_code, problem.json()["status"]) == (404, 404)
    assert any(where.endswith("/doc/pilot/ede-west") for where in problem.json()["near"].values())
    page = get(url, path, BROWSER)
    assert (page.status_code, media_type(page)) == (404, HTML)
    language = "/nl" if prefix.startswith("/nl") else ""
    assert f'href="{language}/doc/pilot/ede-west"' in page.text


@pytest.mark.parametrize(
    "path",
    [
        *("/concept/nothing", "/concept/role/nothing", "/source/nothing", "/graph/nothing"),
        *("/doc/nothing", "/id/nothing/at-all", "/ontology/0.0.0", "/data/000000000000"),
        *(
            "/doc/pilot/ede-west/more",
            "/doc/pilot/%00",
            "/doc/%22%3E%3Cscript%3E",
            "/doc/pilot/.ttl",
        ),
    ],
)
@pytest.mark.parametrize("accept", [BROWSER, TURTLE])
def test_what_is_not_there_answers_404(url: str, path: str, accept: str) -> None:
    response = get(url, path, accept)
    assert response.status_code == 404
    assert media_type(response) == (HTML if accept == BROWSER else "application/problem+json")
    assert media_type(response) != HTML or "<script>" not in response.text


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.5", "9999999", "１"])
def test_a_page_number_that_is_none_answers_400(url: str, page: str) -> None:
    response = fetch(url + PATH, params={"page": page}, headers={"Accept": TURTLE})
    assert response.status_code == 400
    assert "page" in response.json()["detail"]


def test_a_page_beyond_the_last_is_not_found(url: str) -> None:
    response = fetch(f"{url}{PATH}.nt", params={"page": "999"})
    assert response.status_code == 404
    assert "page=999" in response.json()["detail"]


@pytest.mark.parametrize("path", [PATH, "/id/pilot/ede-west", "/ontology", "/data", "/search"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_documents_are_read_only(url: str, path: str, method: str) -> None:
    response = fetch(url + path, method)
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= set(response.headers["allow"].replace(" ", "").split(","))


@pytest.mark.parametrize("accept", [None, "*/*", TURTLE, "application/n-triples"])
def test_the_well_known_place_of_void_is_rdf(url: str, accept: str | None) -> None:
    response = get(url, "/.well-known/void", accept)
    expected = accept if accept and "*" not in accept else TURTLE
    assert (response.status_code, media_type(response)) == (200, expected)
    assert "http://rdfs.org/ns/void#" in response.text


def test_a_browser_is_led_from_the_place_of_void_to_the_page(url: str) -> None:
    response = get(url, "/.well-known/void", BROWSER)
    assert (response.status_code, response.headers["location"]) == (303, "/data")


def test_all_of_a_large_description_is_found_page_by_page(url: str) -> None:
    where = f"{url}/doc/municipality/ede.nt"
    found: set[str] = set()
    for pages in range(1, 100):
        response = fetch(where)
        lines = set(response.text.splitlines())
        assert lines - found, "a page that says nothing new"
        found |= lines
        if "next" not in response.links:
            break
        where = response.links["next"]["url"]
        assert pages < 99
    assert len(found) > 20
