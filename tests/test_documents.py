"""Documents in the format that a client likes best, and whether it has it already."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kg.dataset import Statement
from kg.deployment import Deployment
from kg.routes import documents
from kg.routes.documents import BUILD, METHODS, SUFFIXES, Document, Documents, Link, stem
from storing import Ask, asking

ABOUT = "https://w3id.org/samenhang/id/x/y"
GRAPH = NamedNode("https://w3id.org/samenhang/graph/case/one")
SAID = [
    Statement(NamedNode(ABOUT), NamedNode("urn:p"), Literal("é"), GRAPH),
    Statement(NamedNode(ABOUT), NamedNode("urn:p"), Literal("é"), NamedNode("urn:g")),
]
made: list[str] = []


async def _page() -> tuple[str, dict[str, Any]]:
    return "graphs.html", {"sizes": {}, "names": {}}


async def _said() -> Iterable[Statement]:
    made.append("statements")
    return SAID


DOCUMENT = Document(
    path="/doc/x/y",
    about=ABOUT,
    page=_page,
    statements=_said,
    links=(Link("next", "https://kg.example/doc/x/y?page=2"),),
)


def serving(document: Document, preferred: str = "text/html") -> Ask:
    """Return a function that asks for a document, at any path and with any suffix."""

    def routes(_: Deployment, kept: Documents) -> APIRouter:
        async def answer(request: Request) -> Response:
            suffix = stem(request.url.path)[1]
            return await kept.respond(request, document, suffix, preferred)

        router = APIRouter()
        router.add_route("/{path:path}", answer, METHODS)
        return router

    return asking(Store(), routes)


ask = serving(DOCUMENT)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/doc/x/y.ttl", ("/doc/x/y", "ttl")),
        ("/doc/x/y", ("/doc/x/y", "")),
        ("/ontology/0.1.0", ("/ontology/0.1.0", "")),
        ("/doc/x/y.zip", ("/doc/x/y.zip", "")),
        ("/doc/x.ttl/y", ("/doc/x.ttl/y", "")),
        ("/doc/a.ttl.nt", ("/doc/a.ttl", "nt")),
        (".ttl", (".ttl", "")),
    ],
)
def test_a_suffix_is_that_of_a_format(path: str, expected: tuple[str, str]) -> None:
    assert stem(path) == expected


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix != "html"])
def test_a_suffix_fixes_the_format(suffix: str) -> None:
    answer = ask(f"/doc/x/y.{suffix}", Accept="text/html")
    assert answer.headers["content-type"].partition(";")[0] == SUFFIXES[suffix]
    assert "content-location" not in answer.headers
    assert "accept" not in answer.headers.get("vary", "").lower().split(", ")
    if suffix != "jsonld":
        syntax = RdfFormat.from_extension(suffix)
        assert syntax
        quads = list(parse(answer.content, syntax))
        assert {quad.object.value for quad in quads} == {"é"}
        assert len(quads) == (2 if suffix in ("trig", "nq") else 1), "a triple is told once"


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix != "html"])
def test_accept_chooses_the_format(suffix: str) -> None:
    answer = ask("/doc/x/y", Accept=SUFFIXES[suffix])
    assert answer.headers["content-type"].partition(";")[0] == SUFFIXES[suffix]
    assert answer.headers["content-location"] == f"/doc/x/y.{suffix}"
    assert "Accept" in answer.headers["vary"].split(", ")
    assert answer.content == ask(f"/doc/x/y.{suffix}").content


@pytest.mark.parametrize("accept", ["*/*", "", "application/xhtml+xml", "text/*"])
def test_in_doubt_it_is_a_page(accept: str) -> None:
    answer = ask("/doc/x/y", Accept=accept)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text


def test_in_doubt_it_is_what_is_preferred() -> None:
    answer = serving(DOCUMENT, "text/turtle")("/doc/x/y", Accept="*/*")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize(
    "accept", ["*/*, text/html;q=0", "text/html;q=0, text/turtle;q=0.1", "*/*;q=0.5, text/html;q=0"]
)
def test_who_wants_no_page_gets_none(accept: str) -> None:
    assert not ask("/doc/x/y", Accept=accept).headers["content-type"].startswith("text/html")


def test_what_cannot_be_had_is_refused_with_what_can() -> None:
    answer = ask("/doc/x/y", Accept="image/png")
    assert answer.status_code == 406
    assert all(media_type in answer.json()["detail"] for media_type in SUFFIXES.values())


@pytest.mark.parametrize("path", ["/doc/x/y", "/doc/x/y.nt"])
def test_a_client_that_has_it_is_told_so_without_making_it(path: str) -> None:
    first = ask(path, Accept="application/n-triples")
    made.clear()
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    for fields in ({"If-None-Match": tag}, {"If-Modified-Since": modified}):
        again = ask(path, Accept="application/n-triples", **fields)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert made == []


def test_the_tag_depends_on_what_the_document_says() -> None:
    tags = {
        serving(one)("/doc/x/y.nt").headers["etag"]
        for one in (DOCUMENT, replace(DOCUMENT, mark="other"))
    }
    assert len(tags) == 2


def test_rdf_is_made_once_for_many_clients() -> None:
    asked = serving(replace(DOCUMENT, mark="made once"))
    made.clear()
    bodies = {asked("/doc/x/y.ttl").content for _ in range(3)}
    assert len(bodies) == 1
    assert made == ["statements"]
    asked("/doc/x/y.ttl?page=2")
    assert len(made) == 2


def test_what_is_kept_is_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "KEPT", 1000)
    asked = serving(replace(DOCUMENT, mark="bounded"))
    made.clear()
    first = asked("/doc/x/y.nt?page=1").content
    assert len(first) < 250
    for page in range(2, 30):
        asked(f"/doc/x/y.nt?page={page}")
    assert asked("/doc/x/y.nt?page=1").content == first
    assert len(made) == 30, "the first one was dropped"


def test_the_status_is_that_of_the_document() -> None:
    asked = serving(replace(DOCUMENT, status=410))
    assert {asked(f"/doc/x/y.{suffix}").status_code for suffix in ("html", "ttl", "jsonld")} == {
        410
    }


def test_links_say_what_it_is_about_and_what_leads_on() -> None:
    page = ask("/doc/x/y").links
    assert page["cite-as"]["url"] == ABOUT
    assert page["type"]["url"] == "https://schema.org/AboutPage"
    assert page["license"]["url"] == documents.LICENSE
    assert page["alternate"]["hreflang"] == "nl"
    assert page["next"]["url"] == "https://kg.example/doc/x/y?page=2"
    data = ask("/doc/x/y.jsonld").links
    assert data["describes"]["url"] == "https://kg.example/doc/x/y"
    assert data["profile"]["url"] == "http://www.w3.org/ns/json-ld#compacted"


def test_a_link_is_written_with_its_attributes() -> None:
    link = Link("describedby", "https://kg.example/x.ttl", {"type": "text/turtle"})
    assert str(link) == '<https://kg.example/x.ttl>; rel="describedby"; type="text/turtle"'


def test_what_was_begun_on_an_older_build_is_not_told_of_the_newer_one() -> None:
    def routes(deployment: Deployment, kept: Documents) -> APIRouter:
        async def answer(request: Request) -> Response:
            if "old" in request.query_params:
                request.scope[BUILD] = replace(deployment.build, version="0000000000aa")
            return await kept.respond(request, replace(DOCUMENT, path=request.url.path))

        router = APIRouter()
        router.add_route("/{path:path}", answer, METHODS)
        return router

    ask = asking(Store(), routes)
    old, new = (ask(path).headers["etag"] for path in ("/doc/x/y?old", "/doc/x/y"))
    assert old != new
    assert ask("/doc/x/y?old").headers["etag"] == old
