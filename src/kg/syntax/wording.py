"""Wording: how what may come next is told."""

from collections.abc import Iterator, Sequence

from kg.syntax.grammar import END, RULES

__all__ = ["expectation"]

NAMES = 7  # what is expected, at most

# What rules and kinds of tokens are called; other rules are told by what they begin with.
CALLED = {
    END: END,
    "Blank": "a blank node",
    "Decimal": "a number",
    "Integer": "a number",
    "Iri": "an IRI in < >",
    "Name": "a prefixed name",
    "Prefix": "a prefix with a colon",
    "String": "a string",
    "Tag": "a language tag",
    "Var": "a variable",
    "constraint": "a condition in brackets",
    "expression": "an expression",
    "GROUP": "GROUP BY",
    "ORDER": "ORDER BY",
    "group": "“{”",
    "grouping": "a variable or an expression in brackets",
    "iri": "an IRI",
    "iri_or_a": "a property",
    "literal": "a string, number or other literal",
    "node_path": "a value",
    "node_plain": "a value",
    "ordering": "a variable, ASC, DESC or a condition in brackets",
    "other": "a pattern such as FILTER or OPTIONAL",
    "path": "a property",
    "prologue": "PREFIX",
    "product": "an expression",
    "projection": "a variable or an expression in brackets",
    "relation": "an expression",
    "subject": "a node",
    "sum": "an expression",
    "triples_path": "a triple",
    "triples_plain": "a triple",
    "unary": "an expression",
    "verb_path": "a property",
    "verb_plain": "a property",
}
RARE = frozenset({"“~”", "“{|”", "“<<”", "“<<(”", "VERSION", "LATERAL", "SERVICE"})
OPERATORS = {
    "an operator": frozenset(f"“{sign}”" for sign in ["||", "&&", "+", "-", "*", "/"]),
    "a comparison": frozenset(f"“{sign}”" for sign in ["=", "!=", "<", ">", "<=", ">="])
    | {"IN", "NOT"},
    "a path operator": frozenset(f"“{sign}”" for sign in ["|", "/", "*", "+", "?"]),
}


def expectation(rules: Sequence[str]) -> str:
    """Return in words what some rules may begin with.

    >>> expectation(["iri", "Var", "|", "}"])
    'an IRI, a variable, “|” or “}”'
    """
    names = _grouped(list(dict.fromkeys(_names(rules))))
    if len(names) > NAMES:
        names = [*names[: NAMES - 1], "others"]
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _names(rules: Sequence[str]) -> Iterator[str]:
    """Yield what may come, in words: names of rules, and keywords and signs as they are."""
    for rule in rules:
        if rule in CALLED:
            yield CALLED[rule]
        elif rule not in RULES.alternatives:
            yield rule if rule.isalpha() else f"“{rule}”"
        else:
            for production in RULES.alternatives[rule]:
                yield from _names(_beginning(production))


def _grouped(names: list[str]) -> list[str]:
    """Return names with what few ask for left out, and operators as one."""
    names = [name for name in names if name not in RARE]
    for called, signs in OPERATORS.items():
        if signs <= set(names):
            names = [*(name for name in names if name not in signs), called]
    return names


def _beginning(production: Sequence[str]) -> list[str]:
    """Return the rules of a sequence up to the first that cannot be empty."""
    beginning = []
    for rule in production:
        beginning.append(rule)
        if rule not in RULES.empty:
            break
    return beginning
