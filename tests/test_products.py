"""Products are found where parts of a query share no variable, and only there."""

import pytest

from kg.explanation.parsing import parse
from kg.products import products


def found(where: str) -> list[list[frozenset[str]]]:
    return list(products(parse(f"PREFIX ex: <https://example.org/> SELECT * {{ {where} }}")))


@pytest.mark.parametrize(
    "where",
    [
        "?a ex:p ?b . ?c ex:q ?d",
        "?a ex:p ?b . OPTIONAL { ?c ex:q ?d }",
        "?a ex:p ?b . { ?c ex:q ?d } UNION { ?a ex:q ?d }",
        "{ ?a ex:p ?b . ?c ex:q ?d } UNION { ?a ex:q ?c }",
        "GRAPH ?g { ?a ex:p ?b . ?c ex:q ?d }",
        "VALUES ?a { 1 2 } ?c ex:q ?d",
        "?a ex:p ?b . { SELECT ?c { ?c ex:q ?a } }",
        "?a ex:p ?b . ?c ex:q ?d FILTER(?b = ?d)",
        "?a ex:p ?b FILTER EXISTS { ?x ex:p ?a } ?c ex:q ?d",
    ],
)
def test_a_product_is_found(where: str) -> None:
    (parts, *_) = found(where)
    assert len(parts) == 2


@pytest.mark.parametrize(
    "where",
    [
        "?a ex:p ?b . ?b ex:q ?d",
        "VALUES ?c { ex:c } ?a ex:p ?c . ?b ex:q ?c",
        'VALUES ?language { "en" } ?a ex:p ?b',
        'VALUES ?word { "A" } BIND(LCASE(?word) AS ?lower) ?a ex:p ?b FILTER(?b = ?lower)',
        "?a ex:p ?b . BIND(STR(?b) AS ?c) ?d ex:q ?c",
        "?a ex:p ?b . ?c ex:q ?d . OPTIONAL { ?a ex:r ?c } ?a ex:s ?c",
        "?a ex:p ?b OPTIONAL { ?a ex:q ?c . ?b ex:r ?d }",
        "{ ?a ex:p ?b } UNION { ?a ex:q ?c } ?a ex:r ?d",
        "?a ex:p ?b MINUS { ?a ex:q ?c }",
        "GRAPH ?g { ?a ex:p ?b } GRAPH ?g { ?c ex:q ?d }",
        "?a ex:p ?b { SELECT ?b { ?b ex:q ?c } }",
    ],
)
def test_what_is_connected_is_no_product(where: str) -> None:
    assert found(where) == []
