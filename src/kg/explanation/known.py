"""Known: what a dataset has, asked of it by query."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from kg.explanation.likeness import Candidate, local, namespace, words

__all__ = ["Evaluate", "Known", "Term"]

Evaluate = Callable[[str], QuerySolutions | QueryBoolean | QueryTriples]
Term = NamedNode | BlankNode | Literal

LABELS = (
    "<http://www.w3.org/2000/01/rdf-schema#label>|<http://www.w3.org/2004/02/skos/core#prefLabel>"
    "|<http://www.w3.org/2004/02/skos/core#altLabel>|<http://xmlns.com/foaf/0.1/name>"
)
MOST_CANDIDATES = 2000


class Known:
    """What can be asked of a dataset while a query on it is explained.

    What is known is asked of all graphs, whatever a plain pattern sees.
    """

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate
        self._cache: dict[str, tuple[Candidate, ...]] = {}

    def ask(self, text: str) -> bool | None:
        """Return the answer to an ASK; ``None`` when the engine refuses it."""
        try:
            return bool(self._evaluate(text))
        except (SyntaxError, ValueError, RuntimeError, OSError):
            return None

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT, none when the engine refuses it."""
        try:
            solutions = self._evaluate(text)
            if not isinstance(solutions, QuerySolutions):
                return []
            return [tuple(solution) for solution in solutions]
        except (SyntaxError, ValueError, RuntimeError, OSError):
            return []

    @cached_property
    def is_union(self) -> bool:
        """Whether a plain pattern sees the named graphs too."""
        some = "{ SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 100 }"
        return self.ask(f"ASK {{ {some} FILTER NOT EXISTS {{ ?s ?p ?o }} }}") is not True

    def anywhere(self, pattern: str) -> str:
        """Return a pattern so that it finds what any graph holds."""
        if self.is_union:
            return pattern
        return f"{{ {pattern} }} UNION {{ GRAPH ?anyGraph {{ {pattern} }} }}"

    def holds(self, pattern: str) -> bool:
        """Tell whether a pattern has a solution in any graph."""
        return self.ask(f"ASK {{ {self.anywhere(pattern)} }}") is not False

    def properties(self) -> tuple[Candidate, ...]:
        """Return every property in use, with its labels."""
        return self._used("?s ?term ?o")

    def classes(self) -> tuple[Candidate, ...]:
        """Return every class that has members, with its labels."""
        return self._used("?s a ?term")

    def graphs(self) -> tuple[Candidate, ...]:
        """Return the named graphs, with the number of their statements."""
        return self._counted("GRAPH ?term { ?s ?p ?o }")

    def _used(self, pattern: str) -> tuple[Candidate, ...]:
        return self._counted(self.anywhere(pattern))

    def _counted(self, pattern: str) -> tuple[Candidate, ...]:
        if pattern not in self._cache:
            rows = self.rows(
                f"SELECT ?term (COUNT(*) AS ?n) {{ {pattern} }} "
                f"GROUP BY ?term ORDER BY DESC(?n) LIMIT {MOST_CANDIDATES}"
            )
            self._cache[pattern] = self.labelled(
                [Candidate(term, int(n.value)) for term, n in rows if isinstance(term, NamedNode)]
            )
        return self._cache[pattern]

    def things(self, wanted: str, near: str = "") -> tuple[Candidate, ...]:
        """Return things that an IRI may have been meant for.

        They are what ``?term`` is in a pattern ``near``, and what shares the namespace of
        ``wanted``, or has its longest word in IRI or label.
        """
        parts = sorted(words(local(wanted)), key=len)
        word = str(Literal(parts[-1])) if parts else ""
        patterns = [self.anywhere(near)] if near else []
        start = str(Literal(namespace(wanted)))
        patterns.append(self.anywhere(f"?term a ?c FILTER(STRSTARTS(STR(?term), {start}))"))
        if word:
            patterns += [
                self.anywhere(f"?term a ?c FILTER(CONTAINS(LCASE(STR(?term)), {word}))"),
                self.anywhere(f"?term {LABELS} ?l FILTER(CONTAINS(LCASE(STR(?l)), {word}))"),
            ]
        found: dict[NamedNode, Candidate] = {}
        for pattern in patterns:
            text = f"SELECT DISTINCT ?term {{ {pattern} }} LIMIT {MOST_CANDIDATES // 4}"
            for (term,) in self.rows(text):
                if isinstance(term, NamedNode):
                    found.setdefault(term, Candidate(term))
        return self.labelled(list(found.values()))

    def labelled(self, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Return candidates with the labels that any graph gives them."""
        if not candidates:
            return ()
        values = " ".join(str(one.term) for one in candidates)
        rows = self.rows(
            f"SELECT ?t ?l {{ VALUES ?t {{ {values} }} {self.anywhere(f'?t {LABELS} ?l')} }} "
            f"LIMIT {10 * MOST_CANDIDATES}"
        )
        labels: dict[NamedNode, dict[str, str]] = {}
        for term, label in rows:
            if isinstance(label, Literal):
                labels.setdefault(term, {}).setdefault(label.language or "", label.value)
        return tuple(Candidate(one.term, one.count, labels.get(one.term, {})) for one in candidates)

    def counted(self, candidate: Candidate) -> Candidate:
        """Return a candidate with the number of statements that it is subject or object of."""
        pattern = self.anywhere(f"{{ {candidate.term} ?p ?o }} UNION {{ ?s ?p {candidate.term} }}")
        rows = [] if candidate.count else self.rows(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
        count = int(rows[0][0].value) if rows else candidate.count
        return Candidate(candidate.term, count, candidate.labels)
