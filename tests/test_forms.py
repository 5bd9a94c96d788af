"""The fields of a question hold what was filled in, else the defaults, with choices by name."""

import asyncio
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg import parameters
from kg.forms import Field, fields
from kg.questions import parse
from libraries import MEMBERS
from storing import StoreEngine, trig

TEAM = "https://w3id.org/samenhang/id/team/"
ENGINE = StoreEngine(
    trig("""
    @prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix team: <https://w3id.org/samenhang/id/team/> .
    ex:g { team:red a ex:Team ; ex:has 1 ; rdfs:label "rood"@nl , "red"@en .
      team:blue a ex:Team ; ex:has 1 ; rdfs:label "blauw"@nl .
      <urn:x/blue> a ex:Team ; ex:has 1 ; rdfs:label "another blue"@en . }
    """)
)
QUESTION = parse(Path("members.rq"), MEMBERS)
ANY_TEAM = parse(Path("members.rq"), MEMBERS.replace("{ team:red }", "{ UNDEF }"))


def made(language: str = "en", question: object = QUESTION, **told: object) -> dict[str, Field]:
    given = {"given": {}, "faults": {}, "values": {}} | told
    found = asyncio.run(fields(ENGINE, question, language=language, **given))
    return {one.name: one for one in found}


def test_every_parameter_but_the_language_has_a_field_of_its_kind() -> None:
    kinds = {name: one.kind for name, one in made().items()}
    assert kinds == {"team": "select", "day": "date", "least": "number", "word": "text"}


def test_fields_hold_the_defaults() -> None:
    values = {name: (one.value, one.shown) for name, one in made().items()}
    assert values == {
        "team": ("red", "red"),
        "day": ("", ""),
        "least": ("0", "0"),
        "word": ("", ""),
    }


def test_choices_are_in_order_of_name_and_told_apart() -> None:
    options = [(one.value, one.name.label) for one in made()["team"].options]
    assert options == [
        ("urn:x/blue", "another blue"),
        (f"{TEAM}blue", "blauw"),
        ("red", "red"),
    ]


@pytest.mark.parametrize(("language", "label"), [("en", "at least"), ("nl", "ten minste")])
def test_labels_are_in_the_language(language: str, label: str) -> None:
    found = made(language)
    assert found["least"].label == label
    assert found["team"].shown == {"en": "red", "nl": "rood"}[language]


def test_fields_hold_what_was_understood() -> None:
    values = {"team": NamedNode(f"{TEAM}blue"), "least": Literal(7), "word": Literal("x")}
    found = made(values=values, given={"team": "whatever"})
    assert [one.value for one in found.values()] == [f"{TEAM}blue", "", "7", "x"]
    assert found["team"].shown == "blauw"
    assert not found["team"].has_stray


def test_fields_hold_what_was_refused_and_why() -> None:
    found = made(given={"team": "green", "day": "x"}, faults={"team": "no such team", "day": "no"})
    team = found["team"]
    assert (team.value, team.fault, team.has_stray) == ("green", "no such team", True)
    assert (found["day"].value, found["day"].fault) == ("x", "no")


def test_what_may_be_anything_may_be_left_open() -> None:
    assert {name for name, one in made().items() if one.is_optional} == {"day", "word"}
    team = made(question=ANY_TEAM)["team"]
    assert (team.is_optional, team.value) == (True, "")


def test_inputs_tell_their_limits() -> None:
    found = made()
    assert found["least"].limits == {"min": 0, "max": 9}
    assert found["word"].limits == {"maxlength": 200}


def test_too_many_choices_are_written_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "MOST_CHOICES", 2)
    team = made()["team"]
    assert (team.kind, team.is_open, team.value) == ("text", True, f"{TEAM}red")
