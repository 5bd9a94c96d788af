"""Every fact that a source states is in the graph, and leads to the characters that state it.

The ledger has a table for each source document, with a row for each of its numbered facts in
reading order: what to ask, what to expect, and which passages the statements rest on. Offsets
count Unicode code points, end exclusive.
"""

from collections.abc import Iterable

import pytest
from pyoxigraph import Store

from ledger import (
    de_kleine_schans,
    ede_west,
    midden_limburg_west,
    samen_ermelo,
    village_deals,
)
from ledger.facts import PREFIXES, PROLOGUE, Evidence, Fact, Ledger

LEDGERS = tuple(
    document.LEDGER
    for document in (
        ede_west,
        midden_limburg_west,
        village_deals,
        samen_ermelo,
        de_kleine_schans,
    )
)


def short(value: str) -> str:
    """Return an IRI as prefix and name; other values as they are."""
    for prefix, iri in PREFIXES.items():
        if value.startswith(iri):
            return f"{prefix}:{value.removeprefix(iri)}"
    return value


def ask(store: Store, query: str) -> list[str]:
    """Return the rows of an answer, sorted; an unbound variable is a hyphen."""
    answer = store.query(PROLOGUE + query, use_default_graph_as_union=True)
    if not isinstance(answer, Iterable):
        return [str(bool(answer)).lower()]
    return sorted(" ".join(short(value.value) if value else "-" for value in row) for row in answer)


def passages(store: Store, document: str, evidence: Evidence) -> set[str]:
    """Return the passages of every attestation that covers some evidence."""
    value = evidence.value or "?any"
    query = f"""SELECT DISTINCT ?passage {{
      {evidence.subject} {evidence.property} {value} .
      ?attestation sam:about {evidence.subject} ;
        sam:attests {evidence.property} ;
        sam:inPassage ?passage .
      FILTER (STRSTARTS(STR(?passage), STR(source:{document})))
      OPTIONAL {{ ?attestation sam:attestsValue ?only }}
      FILTER (!BOUND(?only) || EXISTS {{ ?attestation sam:attestsValue {value} }})
    }}"""
    return {row.removeprefix(f"source:{document}#char=") for row in ask(store, query)}


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.document)
def test_the_table_has_a_row_for_every_number(ledger: Ledger) -> None:
    assert ledger.numbers
    assert tuple(fact.number for fact in ledger.facts) == ledger.numbers


@pytest.mark.parametrize(
    "fact", [fact for ledger in LEDGERS for fact in ledger.facts], ids=lambda fact: fact.number
)
def test_a_fact_is_in_the_graph(fact: Fact, store: Store) -> None:
    assert ask(store, fact.query) == sorted(fact.rows)


@pytest.mark.parametrize(
    ("document", "fact", "evidence"),
    [
        (ledger.document, fact, evidence)
        for ledger in LEDGERS
        for fact in ledger.facts
        for evidence in fact.evidence
    ],
    ids=lambda x: getattr(x, "number", None) or getattr(x, "subject", None),
)
def test_a_fact_leads_to_its_passages(
    document: str, fact: Fact, evidence: Evidence, store: Store
) -> None:
    assert passages(store, document, evidence) == set(evidence.passages.split()), fact.number


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(query, id=f"{ledger.document}: {trap}")
        for ledger in LEDGERS
        for trap, query in ledger.traps.items()
    ],
)
def test_a_trap_is_avoided(query: str, store: Store) -> None:
    assert not store.query(PROLOGUE + query, use_default_graph_as_union=True)


def test_every_open_question_is_asked_in_both_languages(store: Store) -> None:
    query = """SELECT ?subject {
      ?subject sam:openQuestion ?question
      BIND (LANG(?question) AS ?language)
    }
    GROUP BY ?subject
    HAVING (SUM(IF(?language = "nl", 1, 0)) = SUM(IF(?language = "en", 1, 0)))"""
    asked = ask(store, "SELECT DISTINCT ?subject { ?subject sam:openQuestion ?question }")
    assert len(asked) > 5
    assert ask(store, query) == asked
