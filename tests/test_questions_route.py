"""``/queries``, asked of an application: the library, its questions, their answers and versions."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import rdflib
from fastapi.testclient import TestClient

from kg import texts
from kg.routes import changes, questions
from libraries import (
    BASE,
    FIRST,
    GONE,
    MEMBERS,
    NEW,
    OLD,
    PAST,
    SECOND,
    UNREADABLE,
    WITHDRAWN_ONE,
    WORDED,
    serving_both,
)

QUESTION = rdflib.URIRef("https://w3id.org/samenhang/queries/members")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
BOTH = pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/nl", "nl")])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving_both(tmp_path_factory.mktemp("builds")) as client:
        client.headers["Accept"] = "text/html"
        yield client


def page(response: httpx.Response, status: int = 200) -> str:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


def table(html: str, number: int = 0) -> list[list[str]]:
    """The cells of a table as a reader sees them."""
    found = re.findall(r'<table class="answer">(.*?)</table>', html, re.DOTALL)[number]
    body = found.partition("<tbody>")[2]
    return [
        [
            " ".join(unescape(re.sub("<[^>]*>", "", cell)).split())
            for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def heads(html: str) -> list[str]:
    return re.findall(r"<th[^>]*>([^<]*)</th>", html)


def hrefs(html: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', html)]


# The library


@BOTH
def test_the_library_lists_questions_by_topic(
    prefix: str, language: str, client: TestClient
) -> None:
    html = page(client.get(f"{prefix}/queries"))
    titles = {"en": "Who belongs to a team?", "nl": "Wie horen bij één team?"}
    assert f'<a href="{prefix}/queries/members">{titles[language]}</a>' in html
    assert html.index('id="start"') < html.index('id="cases"')
    firsts = {"en": "in order of name.", "nl": "op naam."}
    assert f"{firsts[language]}</p>" in html


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=team", {"members", "teams"}),
        ("q=een", {"members"}),
        ("q=EEN+ploeg", {"members"}),
        ("q=cafe", {"members"}),
        ("q=welke", {"teams"}),
        ("q=team&difficulty=advanced", {"teams"}),
        ("q=&difficulty=beginner", {"members"}),
        ("q=members", {"members"}),
        ("q=nothing+of+the+kind", set()),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/nl"])
def test_a_search_finds_questions_by_their_words(
    prefix: str, asked: str, found: set[str], client: TestClient
) -> None:
    html = page(client.get(f"{prefix}/queries?{asked}"))
    links = {href.rpartition("/")[2] for href in hrefs(html) if "/queries/" in href}
    assert links == found


def test_what_is_searched_for_stays_in_the_field(client: TestClient) -> None:
    html = page(client.get('/queries?q="><b>'))
    assert 'value="&#34;&gt;&lt;b&gt;"' in html
    assert "No question tells of this." in html


def test_the_library_is_to_be_had_as_data(client: TestClient) -> None:
    response = client.get("/queries", headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    named = set(graph.subjects(rdflib.RDF.type, SH.SPARQLSelectExecutable))
    assert named == {QUESTION, rdflib.URIRef(f"{QUESTION.rpartition('/')[0]}/teams")}


# A question and its answer


@BOTH
def test_a_question_is_answered_at_once(prefix: str, language: str, client: TestClient) -> None:
    html = page(client.get(f"{prefix}/queries/members"))
    assert f'<html lang="{language}">' in html
    columns = {"en": ["member", "since", "size"], "nl": ["lid", "sinds", "grootte"]}
    assert heads(html) == columns[language]
    named = {"en": "the Bo", "nl": "de Bo"}
    assert [row[0].removesuffix(" nl") for row in table(html)] == sorted(
        ["Ann", "member:di", named[language]]
    )
    assert f'href="{prefix}/doc/member/ann"' in html
    days = {"en": "31\xa0January\xa02018", "nl": "31\xa0januari\xa02018"}
    assert days[language] in unescape(html)


def test_numbers_stand_to_the_right_and_what_is_unbound_is_empty(client: TestClient) -> None:
    html = page(client.get("/queries/members"))
    assert '<td class="number">2</td>' in html
    assert table(html)[1] == ["member:di", "", "1"]


@BOTH
def test_numbers_are_written_as_in_the_language(
    prefix: str, language: str, client: TestClient
) -> None:
    html = page(client.get(f"{prefix}/queries/teams"))
    assert {"en": "0.5", "nl": "0,5"}[language] in [row[1] for row in table(html)]


def test_the_choices_are_listed_by_name(client: TestClient) -> None:
    html = page(client.get("/queries/members"))
    select = html.partition('name="team"')[2].partition("</select>")[0]
    options = re.findall(r'<option value="([^"]*)"( selected)?[^>]*>([^<]*)<', select)
    assert options == [("red", " selected", "red &lt;b&gt;"), ("many", "", "veel")]


def test_the_form_holds_what_the_address_says(client: TestClient) -> None:
    html = page(client.get("/queries/members?team=many&day=2018-01-01&least=1&word=%3Cb%3E"))
    assert '<option value="many" selected' in html
    assert 'type="date" value="2018-01-01"' in html
    assert 'type="number" value="1" min="0" max="9"' in html
    assert 'value="&lt;b&gt;" maxlength="200"' in html


def test_a_form_as_the_browser_sends_it_is_understood(client: TestClient) -> None:
    html = page(client.get("/queries/members?team=red&day=&least=0&word="))
    assert len(table(html)) == 3


@BOTH
def test_a_long_answer_comes_by_pages_and_says_so(
    prefix: str, language: str, client: TestClient
) -> None:
    said = {"en": "Rows 101–200 of 250.", "nl": "Rij 101–200 van 250."}
    html = page(client.get(f"{prefix}/queries/members?team=many&page=2"))
    assert said[language] in html
    assert len(table(html)) == 100
    assert {"?team=many&page=1", "?team=many&page=3"} <= set(hrefs(html))


@pytest.mark.parametrize(
    ("asked", "said"), [("", "All 3 rows."), ("?least=3", "1 row."), ("?team=many", "of 250.")]
)
def test_it_is_told_how_many_rows_there_are(asked: str, said: str, client: TestClient) -> None:
    assert said in page(client.get(f"/queries/members{asked}"))


def test_beyond_the_last_page_is_nothing(client: TestClient) -> None:
    assert "/queries/members?page=2" in page(client.get("/queries/members?page=2"), 404)
    assert "the number of a page, from 1" in page(client.get("/queries/members?page=0"), 400)


@BOTH
def test_no_rows_are_told_in_words_with_the_way_to_why(
    prefix: str, language: str, client: TestClient
) -> None:
    html = page(client.get(f"{prefix}/queries/members?least=9"))
    said = {"en": "There is no answer", "nl": "Er is geen antwoord"}
    assert said[language] in html
    assert '<table class="answer">' not in html
    assert any(href.startswith(f"{prefix}/sparql/explain?query=") for href in hrefs(html))


def test_the_whole_answer_can_be_downloaded(client: TestClient) -> None:
    found = [
        href for href in hrefs(page(client.get("/queries/members?least=2"))) if "/api/" in href
    ]
    assert found == [
        f"/api/queries/members?least=2&format={form}" for form in ("csv", "tsv", "json", "xml")
    ]
    for href in found:
        assert client.get(href).status_code == 200


def test_what_a_dutch_page_hands_out_is_in_dutch(client: TestClient) -> None:
    html = page(client.get("/nl/queries/members"))
    downloads = [href for href in hrefs(html) if href.startswith("/api/queries/members?")]
    assert len(downloads) == 4
    assert all("language=nl" in href for href in downloads)
    (csv,) = (href for href in downloads if "format=csv" in href)
    shown = {row[0] for row in table(html)}
    told = client.get(csv).text
    assert shown
    assert [name for name in shown if name not in told] == []
    assert "language=" not in "".join(hrefs(page(client.get("/queries/members"))))


def test_the_query_leads_to_the_editor_as_it_is_bound(client: TestClient) -> None:
    html = page(client.get("/queries/members?word=%22%20%7D%20%23"))
    (href,) = [href for href in hrefs(html) if href.startswith("/query?")]
    (query,) = parse_qs(urlsplit(href).query)["query"]
    assert 'VALUES ?word { "\\" } #" }' in query
    assert "#+" not in query
    assert query.strip() in unescape(html)


def test_the_other_language_keeps_what_is_filled_in(client: TestClient) -> None:
    html = page(client.get("/queries/members?team=many&least=1"))
    assert "/nl/queries/members?team=many&least=1" in hrefs(html)
    response = client.get("/queries/members?team=many&least=1")
    assert (
        f'<{BASE}/nl/queries/members?team=many&least=1>; rel="alternate"'
        in (response.headers["link"])
    )
    assert response.headers["content-location"] == "/queries/members.html?team=many&least=1"


def test_text_of_the_address_never_becomes_markup(client: TestClient) -> None:
    for name in ("word", "team", "day", "colour", "<b>"):
        html = client.get("/queries/members", params={name: "'\"><script>alert(1)</script>"}).text
        assert "<script>" not in html


# What is wrong with a request


@BOTH
def test_a_refused_parameter_is_told_at_its_field(
    prefix: str, language: str, client: TestClient
) -> None:
    address = f"{prefix}/queries/members?team=blue&day=yesterday&least=3"
    html = page(client.get(address), 400)
    assert f'<html lang="{language}">' in html
    said = {
        "en": {"team": "“team” cannot be ", "day": "“from” is a date such as 2018-01-31."},
        "nl": {"team": "‘team’ kan niet ", "day": "‘vanaf’ is een datum, zoals 2018-01-31."},
    }
    for name, why in said[language].items():
        assert f'aria-invalid="true" aria-describedby="fault-{name}"' in html
        assert f'<p class="fault" id="fault-{name}">{why}' in html
    assert "ex:Team" not in html
    assert 'value="yesterday"' in html
    assert '<option value="blue" selected>' in html
    assert 'type="number" value="3"' in html
    assert '<table class="answer">' not in html
    assert 'rel="canonical"' not in html


@BOTH
def test_an_unknown_parameter_is_told_above_the_form(
    prefix: str, language: str, client: TestClient
) -> None:
    html = page(client.get(f"{prefix}/queries/members?colour=red"), 400)
    alert = html.partition('role="alert"')[2].partition("</div>")[0]
    said = {"en": "This question has no parameter", "nl": "Deze vraag heeft geen parameter"}
    assert f"<li>{said[language]} &#39;colour&#39;" in alert


def test_a_refusal_is_given_to_no_one_else(client: TestClient) -> None:
    good = client.get("/queries/members?team=red")
    bad = client.get("/queries/members?team=blue")
    assert bad.headers["cache-control"] == "no-store"
    assert "etag" not in bad.headers
    assert client.get("/queries/members?team=red").text == good.text


@BOTH
def test_a_name_that_is_none_leads_to_those_like_it(
    prefix: str, language: str, client: TestClient
) -> None:
    html = page(client.get(f"{prefix}/queries/member"), 404)
    titles = {"en": "Who belongs to a team?", "nl": "Wie horen bij één team?"}
    assert f'<a href="{prefix}/queries/members">{titles[language]}</a>' in html


# As data, and as it is


def test_a_question_is_to_be_had_as_data(client: TestClient) -> None:
    for answer in (
        client.get("/queries/members", headers={"Accept": "text/turtle"}),
        client.get("/queries/members.ttl?team=red"),
        client.get(f"/queries/members/{SECOND}.ttl"),
    ):
        graph = rdflib.Graph().parse(data=answer.text, format="turtle")
        assert (QUESTION, SH.parameter, rdflib.URIRef(f"{QUESTION}#team")) in graph
        assert "SELECT ?member" in str(graph.value(QUESTION, SH.select))


@pytest.mark.parametrize(
    ("path", "text", "control"),
    [
        ("members.rq", WORDED, "public, no-cache"),
        (f"members/{SECOND}.rq", WORDED, "public, max-age=31536000, immutable"),
        (f"members/{FIRST}.rq", MEMBERS, "public, max-age=31536000, immutable"),
        (f"members/{UNREADABLE}.rq", PAST, "public, max-age=31536000, immutable"),
        (f"{WITHDRAWN_ONE}/{FIRST}.rq", MEMBERS, "public, max-age=31536000, immutable"),
    ],
)
def test_a_question_is_to_be_had_as_its_file(
    path: str, text: str, control: str, client: TestClient
) -> None:
    response = client.get(f"/queries/{path}")
    assert response.headers["content-type"] == "application/sparql-query; charset=utf-8"
    assert response.text == text
    assert response.headers["cache-control"] == control
    again = client.get(f"/queries/{path}", headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_is_not_sent_to_those_who_have_it(client: TestClient) -> None:
    tag = client.get("/queries/members?least=2").headers["etag"]
    fields = {"If-None-Match": tag}
    assert client.get("/queries/members?least=2", headers=fields).status_code == 304
    assert client.get("/queries/members?least=1", headers=fields).status_code == 200
    assert client.get("/queries/members?least=2&x=1", headers=fields).status_code == 400


# Versions


def permanent(html: str) -> str:
    return unescape(re.findall(r'id="permanent-link" href="([^"]*)"', html)[0]).removeprefix(BASE)


def test_the_permanent_link_names_all_that_decides_the_answer(client: TestClient) -> None:
    link = permanent(page(client.get("/queries/members?least=2&word=")))
    assert link == f"/queries/members/{SECOND}?data={NEW}&least=2"
    html = page(client.get(link))
    assert table(html) == table(page(client.get("/queries/members?least=2")))
    assert permanent(html) == link
    assert "On the newest data" not in html


def test_an_older_answer_stays_and_what_changed_is_told(client: TestClient) -> None:
    html = page(client.get(f"/queries/members/{FIRST}?data={OLD}"))
    assert [row[0].removesuffix(" nl") for row in table(html)] == ["Ann", "member:cy", "the Bo"]
    assert "1 row is gone" in html
    assert "1 row is new" in html
    assert [row[0].removesuffix(" nl") for row in table(html, 1)] == ["member:cy"]
    assert [row[0].removesuffix(" nl") for row in table(html, 2)] == ["member:di"]


def test_an_answer_that_is_still_the_same_is_said_to_be(client: TestClient) -> None:
    html = page(client.get(f"/queries/members/{FIRST}?data={OLD}&least=2"))
    assert "The answer is the same" in html
    assert html.count('<table class="answer">') == 1


def test_answers_too_long_to_compare_are_said_to_be(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_COMPARED", 2)
    html = page(client.get(f"/queries/members/{FIRST}?data={OLD}&least=1"))
    assert "too many to compare" in html


def test_a_version_of_the_question_tells_what_changed_since(client: TestClient) -> None:
    html = page(client.get(f"/queries/members/{FIRST}"))
    assert "by name." in html.partition('class="lead"')[2].partition("</p>")[0]
    assert "<del>-#+   en: The members of a team, by name." in html
    assert "<ins>+#+   en: The members of a team, in order of name." in html
    assert "The question has changed" not in page(client.get(f"/queries/members/{SECOND}"))


def test_all_versions_of_a_question_are_listed(client: TestClient) -> None:
    found = hrefs(page(client.get("/nl/queries/members")))
    assert {f"/nl/queries/members/{one}" for one in (FIRST, SECOND)} <= set(found)


@BOTH
def test_an_answer_is_cited_with_all_that_decides_it(
    prefix: str, language: str, client: TestClient
) -> None:
    html = unescape(page(client.get(f"{prefix}/queries/members?team=many&data={OLD}")))
    cited = html.partition('id="citation-text">')[2].partition("</pre>")[0]
    labels = {"en": "team: veel; at least: 0", "nl": "team: veel; ten minste: 0"}
    for part in (SECOND, labels[language], f"(Version {OLD})", f"{prefix}/queries/members/"):
        assert part in cited
    assert cited.endswith(f"data={OLD}&team=many")
    entry = html.partition('id="citation-bibtex">')[2].partition("</pre>")[0]
    assert entry.startswith("@misc{samenhang-")
    assert f"version = {{{OLD}}}" in entry


@pytest.mark.parametrize("path", [f"members/{'0' * 12}", f"members?data={'0' * 12}", "members/x"])
def test_a_version_that_never_was_is_not_found(path: str, client: TestClient) -> None:
    html = page(client.get(f"/queries/{path}"), 404)
    assert "/queries/members" in html or "data" in path


def test_data_that_is_kept_no_longer_leads_to_the_newest_answer(client: TestClient) -> None:
    html = page(client.get(f"/queries/members/{FIRST}?data={GONE}"), 410)
    assert "/queries/members has the answer of the newest data" in html


@BOTH
def test_a_version_that_can_be_asked_no_more_leads_to_its_file_and_the_newest(
    prefix: str, language: str, client: TestClient
) -> None:
    assert f"{prefix}/queries/members/{UNREADABLE}" in hrefs(
        client.get(f"{prefix}/queries/members").text
    )
    html = page(client.get(f"{prefix}/queries/members/{UNREADABLE}"), 410)
    assert f"/queries/members/{UNREADABLE} can no longer be asked here" in html
    assert f"its file is /queries/members/{UNREADABLE}.rq" in html
    titles = {"en": "Who belongs to a team?", "nl": "Wie horen bij één team?"}
    assert f'<a href="{prefix}/queries/members">{titles[language]}</a>' in html


@BOTH
def test_a_question_that_was_withdrawn_leads_to_its_newest_version(
    prefix: str, language: str, client: TestClient
) -> None:
    titles = {"en": "Who belongs to a team?", "nl": "Wie horen bij één team?"}
    for path in (WITHDRAWN_ONE, f"{WITHDRAWN_ONE}.rq"):
        html = page(client.get(f"{prefix}/queries/{path}"), 410)
        assert "is no longer part of the library" in html
        assert f"its newest version is /queries/{WITHDRAWN_ONE}/{FIRST}." in html
        assert f'<a href="{prefix}/queries/{WITHDRAWN_ONE}/{FIRST}">{titles[language]}</a>' in html
    html = page(client.get(f"{prefix}/queries/{WITHDRAWN_ONE}/{'0' * 12}"), 404)
    assert f"{prefix}/queries/{WITHDRAWN_ONE}/{FIRST}" in hrefs(html)


def test_a_question_that_was_withdrawn_and_can_be_asked_no_more_leads_to_its_file(
    client: TestClient,
) -> None:
    for path in ("lost", f"lost/{UNREADABLE}"):
        html = page(client.get(f"/queries/{path}"), 410)
        assert f"its file is /queries/lost/{UNREADABLE}.rq." in html


@pytest.mark.parametrize(
    ("slug", "newest"), [("members", "members"), (WITHDRAWN_ONE, f"{WITHDRAWN_ONE}/{FIRST}")]
)
def test_a_version_leads_to_the_latest_one(slug: str, newest: str, client: TestClient) -> None:
    response = client.get(f"/queries/{slug}/{FIRST}")
    page(response)
    links = response.headers["link"]
    assert f'<{BASE}/queries/{newest}>; rel="latest-version"' in links


def test_all_texts_of_the_pages_are_used() -> None:
    folder = Path(questions.__file__).parents[1] / "templates"
    pages = "".join((folder / name).read_text() for name in ("question.html", "questions.html"))
    used = set(re.findall(r"\bq\.([a-z_]+)", pages))
    assert used == set(texts.read("en")["questions"])
