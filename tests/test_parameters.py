"""Parameters: what text becomes which term, what is refused, and what there is to choose."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg import parameters, texts
from kg.dataset import Term
from kg.errors import BadRequest
from kg.namespaces import term
from kg.parameters import MOST_CHOICES, Choices, ParameterRefused, choices, values
from kg.questions import bind, parse
from publishing import QUESTION as PLAIN
from storing import StoreEngine, trig

QUESTION = parse(
    Path("queries/start/called.rq"),
    """\
#+ title: {nl: "Wie heten zo?", en: "Who is called so?"}
#+ description: {nl: Dingen op naam., en: Things by name.}
#+ topic: start
#+ difficulty: beginner
#+ keywords: {nl: [naam], en: [name]}
#+ view: table
#+ parameters:
#+   team: {type: thing, class: "ex:Team", where: "?value ex:in ?case", label: {nl: team, en: team}}
#+   theme: {type: concept, scheme: "ex:themes", label: {nl: thema, en: theme}}
#+   day: {type: date, label: {nl: dag, en: day}}
#+   least: {type: integer, minimum: 1, maximum: 9, label: {nl: minstens, en: at least}}
#+   word: {type: text, label: {nl: woord, en: word}}
#+ columns: {name: {nl: naam, en: name}}
PREFIX ex: <https://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?name
WHERE {
  VALUES ?team { ex:red }
  VALUES ?theme { UNDEF }
  VALUES ?day { "2018-01-01"^^xsd:date }
  VALUES ?least { 2 }
  VALUES ?word { "a" }
  VALUES ?language { "en" }
  ?team ex:name ?name .
}
ORDER BY ?name
""",
)
STORE = trig(
    """
    PREFIX ex: <https://example.org/>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    ex:g {
      ex:red a ex:Team ; ex:in ex:case ; rdfs:label "rood"@nl , "red"@en .
      ex:blue a ex:Team ; ex:in ex:case ; rdfs:label "blauw"@nl , "blue"@en .
      ex:none a ex:Team ; rdfs:label "geen"@nl .
      <https://example.org/other/blue> a ex:Team ; ex:in ex:case .
      ex:care skos:inScheme ex:themes ; skos:prefLabel "zorg"@nl .
    }"""
)
ENGINE = StoreEngine(STORE)


def read(*given: tuple[str, str]) -> dict[str, Term | None]:
    return asyncio.run(values(ENGINE, QUESTION, given))


def offered(name: str) -> Choices:
    return asyncio.run(choices(ENGINE, QUESTION, name, "nl"))


def refused(name: str, text: str) -> str:
    with pytest.raises(BadRequest) as caught:
        read((name, text))
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("team", "https://example.org/red", NamedNode("https://example.org/red")),
        ("team", "ex:red", NamedNode("https://example.org/red")),
        ("team", "red", NamedNode("https://example.org/red")),
        ("theme", "care", NamedNode("https://example.org/care")),
        ("day", "2016-02-29", Literal("2016-02-29", datatype=term("xsd:date"))),
        ("least", "9", Literal(9)),
        ("least", "+1", Literal(1)),
        ("word", '"} #', Literal('"} #')),
        ("language", "nl", Literal("nl")),
    ],
)
def test_a_text_becomes_a_typed_term(name: str, text: str, value: Term) -> None:
    assert read((name, text))[name] == value
    assert bind(QUESTION, {name: value}).count("VALUES") == 6


@pytest.mark.parametrize(
    ("name", "text", "remedy"),
    [
        ("team", "https://example.org/none", "nothing of that name would give an answer"),
        ("team", "https://example.org/a b", "absolute IRI"),
        ("team", "blue", "2 things of that name"),
        ("team", "blue", "Perhaps https://example.org/blue, https://example.org/other/blue."),
        ("team", "rad", "Perhaps red, "),
        ("theme", "red", "nothing of that name would give an answer"),
        ("theme", "ex:themes", "Perhaps care."),
        ("day", "2017-02-29", "a date such as 2018-01-31"),
        ("day", "20180101", "a date such as"),
        ("day", "2018-W01-1", "a date such as"),
        ("least", "0", "at least 1 and at most 9"),
        ("least", "1.0", "a whole number"),
        ("least", "٣", "a whole number"),
        ("least", "9" * 30, "at most 9"),
        ("word", "a" * 201, "at most 200 characters"),
        ("word", "a\nb", "a control character, U+000A"),
        ("word", "\ud800", "U+D800, which is no character"),
        ("word", "a\N{LINE SEPARATOR}b", "U+2028, which is no character"),
        ("language", "de", "one of en, nl"),
        ("other", "1", "it has: team, theme, day, least, word, language"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_remedy(name: str, text: str, remedy: str) -> None:
    message = refused(name, text)
    assert remedy in message
    assert name in message


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\N{NO-BREAK SPACE}b\N{NARROW NO-BREAK SPACE}c", "a b c"),
        ("samen\N{SOFT HYPHEN}werking", "samenwerking"),
        ("\N{RIGHT-TO-LEFT MARK}a\N{ZERO WIDTH NO-BREAK SPACE}", "a"),
        ("a\N{ZERO WIDTH JOINER}b\N{ZERO WIDTH NON-JOINER}c", "a\u200db\u200cc"),
        ("\N{SOFT HYPHEN}" * 300 + "a", "a"),
    ],
)
def test_a_text_copied_from_a_document_is_taken_as_it_would_be_typed(text: str, plain: str) -> None:
    assert read(("word", text))["word"] == Literal(plain)


BOUNDED = [("", "integer"), (", minimum: 1", "at_least"), (", maximum: 9", "at_most")]


@pytest.mark.parametrize(("bounds", "reason"), [*BOUNDED, (", minimum: 1, maximum: 9", "between")])
def test_a_number_that_is_refused_has_its_limits_told(bounds: str, reason: str) -> None:
    text = QUESTION.text.replace(", minimum: 1, maximum: 9", bounds)
    with pytest.raises(ParameterRefused) as caught:
        asyncio.run(values(ENGINE, parse(Path("called.rq"), text), [("least", "x")]))
    assert caught.value.reason == reason
    told = {1: "at least 1" in str(caught.value), 9: "at most 9" in str(caught.value)}
    assert told == {1: "minimum" in bounds, 9: "maximum" in bounds}


@pytest.mark.parametrize(
    ("name", "text", "english", "dutch"),
    [
        ("team", "rad", "“team” cannot be 'rad': ", "‘team’ kan niet 'rad' zijn: "),
        ("team", "blue", "2 things", "2 dingen"),
        ("team", "https://example.org/a b", "“team” is an absolute", "‘team’ is een volledig"),
        ("day", "x", "“day” is a date such", "‘dag’ is een datum, zoals 2018-01-31"),
        ("least", "0", "“at least” is a whole", "‘minstens’ is een geheel getal, ten minste 1 en"),
        ("word", "a" * 201, "at most 200", "‘woord’ heeft ten hoogste 200 tekens"),
        ("word", "\a", "a control character, U+0007", "een stuurteken, U+0007"),
        ("language", "de", "“language” is one of en, nl", "‘taal’ is een van en, nl"),
        ("other", "1", "no parameter 'other'; it has: team", "geen parameter 'other'; wel: team"),
    ],
)
def test_a_refusal_is_worded_in_both_languages_with_the_label(
    name: str, text: str, english: str, dutch: str
) -> None:
    with pytest.raises(ParameterRefused) as caught:
        read((name, text))
    parameter = QUESTION.parameters.get(name)
    assert english in caught.value.worded("en", parameter)
    assert dutch in caught.value.worded("nl", parameter)
    assert "ex:" not in caught.value.worded("nl", parameter)


def test_a_refusal_shows_no_control_characters_and_no_end_of_text() -> None:
    message = refused("team", "\x1b[31m" + "a" * 10_000)
    assert message.isprintable()
    assert len(message) < 400


def test_what_has_nothing_to_choose_from_is_told_so() -> None:
    engine = StoreEngine(trig("PREFIX ex: <https://example.org/> ex:g { ex:a ex:b ex:c }"))
    with pytest.raises(ParameterRefused, match="nothing to choose from"):
        asyncio.run(values(engine, QUESTION, [("team", "red")]))


def test_a_question_without_parameters_has_none_to_fill_in() -> None:
    with pytest.raises(ParameterRefused, match="no parameter 'a', and no other"):
        asyncio.run(values(ENGINE, parse(Path("thing.rq"), PLAIN), [("a", "b")]))


def test_every_reason_is_used() -> None:
    source = Path(parameters.__file__).read_text()
    assert all(f'"{reason}"' in source for reason in texts.read("en")["parameters"])


def test_what_is_not_given_has_its_default() -> None:
    found = read()
    assert found["team"] == NamedNode("https://example.org/red")
    assert found["theme"] is None
    assert found["least"] == Literal(2)


def test_an_empty_text_of_a_form_is_the_default() -> None:
    assert read(("team", ""), ("theme", ""), ("word", "")) == read()


def test_a_parameter_is_given_once() -> None:
    with pytest.raises(BadRequest, match="word is given more than once"):
        read(("word", "a"), ("word", "b"))


def test_labels_come_in_the_language_of_who_asks_unless_another_is_named() -> None:
    asked = asyncio.run(values(ENGINE, QUESTION, (), "nl"))
    named = asyncio.run(values(ENGINE, QUESTION, [("language", "en")], "nl"))
    assert (asked["language"], named["language"]) == (Literal("nl"), Literal("en"))


def test_choices_are_what_gives_an_answer_by_name() -> None:
    found = offered("team")
    assert [one.iri.removeprefix("https://example.org/") for one in found.names] == [
        "blue",
        "other/blue",
        "red",
    ]
    assert found.names[0].label == "blauw"
    assert found.complete


def many(count: int) -> Sequence[str]:
    return [f"ex:t{number} a ex:Team ; ex:in ex:case ." for number in range(count)]


def test_choices_that_are_too_many_are_told_to_be_incomplete() -> None:
    engine = StoreEngine(
        trig("PREFIX ex: <https://example.org/> ex:g {" + " ".join(many(MOST_CHOICES + 1)) + "}")
    )
    found = asyncio.run(choices(engine, QUESTION, "team", "nl"))
    assert len(found.names) == MOST_CHOICES
    assert not found.complete
    last = f"https://example.org/t{MOST_CHOICES}"
    assert asyncio.run(values(engine, QUESTION, [("team", last)]))["team"] == NamedNode(last)
