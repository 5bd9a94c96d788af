"""Look-alikes: organisations whose names are nearly the same, or one inside the other.

They are one organisation entered twice, or two that a reader will confuse: an analyst says which.
"""

from collections import defaultdict
from itertools import combinations

from pyoxigraph import Literal, NamedNode
from rapidfuzz.distance import DamerauLevenshtein

from kg.dataset import ASSERTED, Dataset, Statement
from kg.findings import Finding, Report
from kg.folding import folded
from kg.namespaces import term
from kg.reading import is_readable

__all__ = ["are_alike", "check"]

TYPE, JUDGES = term("rdf:type"), term("sam:judges")
NAMES = {term("foaf:name"), term("rdfs:label"), term("skos:altLabel")}

# Municipalities are told apart by their codes, and so are their executives and councils;
# collaborations and steering bodies have names of our making.
NAMED = {
    term(name)
    for name in ("org:FormalOrganization", "org:Organization", "sam:AccessPoint", "sam:Team")
}
LEGAL_FORMS = {"bv", "b.v.", "nv", "n.v.", "cooperatie", "stichting", "vereniging"}
EDITS_IN = 6  # characters of the shorter name for each edit between names that are alike


def check(dataset: Dataset) -> Report:
    """Return organisations that look alike and that nobody has judged; counts the pairs."""
    names = _names(dataset)
    judged = _judged(dataset.in_graphs(*ASSERTED))
    pairs = list(combinations(sorted(names, key=lambda node: node.value), 2))
    return Report(
        findings=tuple(
            Finding(
                dataset.place(first.value),
                first.value,
                f"its name {alike[0]} is like {alike[1]}, the name of {second.value}",
                "let the two be one, or say in data/coding/ that they are not "
                "(sam:IdentityJudgement)",
            )
            for first, second in pairs
            if frozenset((first, second)) not in judged
            if (alike := _alike(names[first], names[second]))
        ),
        checked={"pairs of organisations": len(pairs)},
    )


def _names(dataset: Dataset) -> dict[NamedNode, list[str]]:
    statements = dataset.in_graphs("case/", "coding/", "reference/")
    organisations = {
        one.subject for one in statements if one.predicate == TYPE and one.object in NAMED
    }
    names: defaultdict[NamedNode, list[str]] = defaultdict(list)
    for node, predicate, value, _ in statements:
        is_name = predicate in NAMES and isinstance(value, Literal) and value.language != "en"
        if is_name and node in organisations and isinstance(node, NamedNode):
            names[node].append(value.value)
    return names


def _judged(statements: list[Statement]) -> set[frozenset[object]]:
    judged = defaultdict(set)
    for one in statements:
        if one.predicate == JUDGES:
            judged[one.subject].add(one.object)
    pairs = {frozenset(pair) for nodes in judged.values() for pair in combinations(nodes, 2)}
    different = term("owl:differentFrom")
    return pairs | {
        frozenset((one.subject, one.object)) for one in statements if one.predicate == different
    }


def _alike(names: list[str], others: list[str]) -> tuple[str, str] | None:
    pairs = ((name, other) for name in names for other in others)
    return next((pair for pair in pairs if are_alike(*pair)), None)


def are_alike(name: str, other: str) -> bool:
    """Tell whether two names are nearly the same, in any order of words, or one inside the other.

    >>> are_alike("Stichting MEE Zuid", "Mee"), are_alike("Icare", "Malkander")
    (True, False)
    """
    one, two = sorted((_words(name), _words(other)), key=lambda words: len(" ".join(words)))
    if is_readable(" ".join(one), " ".join(two)):
        return True
    allowed = len(" ".join(one)) // EDITS_IN
    return any(
        DamerauLevenshtein.distance(" ".join(a), " ".join(b), score_cutoff=allowed) <= allowed
        for a, b in ((one, two), (sorted(one), sorted(two)))
    )


def _words(name: str) -> list[str]:
    """Return the words of a name without accents, capitals and legal form."""
    words = folded(name).replace("-", " ").split()
    return [word for word in words if word not in LEGAL_FORMS] or words
