"""Parameters: what is asked with a question of the library, from text to terms, and its choices."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from kg.dataset import Term
from kg.engine.base import Engine, select
from kg.errors import BadRequest
from kg.names import Name, names
from kg.namespaces import slug, term
from kg.protocol import absolute
from kg.queries import bound
from kg.questions import LANGUAGE, Parameter, Question
from kg.texts import Language
from kg.urls import PREFIXES as LANGUAGES

__all__ = ["MOST_CHOICES", "Choices", "Values", "choices", "choosing", "values"]

MOST_CHOICES = 500
NEAREST = 5
LONGEST = 200  # characters of a text that is taken or told
NAME = re.compile(r"([\w-]*):([^\s/][^\s]*)")
IN_SCHEME = term("skos:inScheme")
PLACE = "VALUES ?value { UNDEF }"

Values = dict[str, Term | None]


@dataclass(frozen=True)
class Choices:
    """What a parameter may be: names in order; ``complete`` unless there are more of them."""

    names: tuple[Name, ...]
    complete: bool = True


async def values(
    engine: Engine,
    question: Question,
    given: Iterable[tuple[str, str]],
    language: Language = "en",
    client: str = "",
) -> Values:
    """Return the terms of all parameters of a question: those given as text, else the defaults.

    An empty text is none. ``language`` is that of labels, unless it is given. Raises ``BadRequest``
    if there is no such parameter or value, and a ``RequestError`` when the engine gives no answer.
    """
    found: Values = dict(question.defaults)
    if question.is_multilingual:
        found[LANGUAGE] = Literal(language)
    seen: set[str] = set()
    for name, text in given:
        if name not in question.parameters:
            known = ", ".join(question.parameters) or "none"
            raise BadRequest(f"This query has no parameter {name!r}; it has: {known}.")
        if name in seen:
            raise BadRequest(f"{name} is given more than once.")
        seen.add(name)
        if text:
            found[name] = await _value(engine, question, name, text, client)
    return found


async def choices(
    engine: Engine, question: Question, name: str, language: Language, client: str = ""
) -> Choices:
    """Return what a parameter may be that has choices in the graph, by label in a language.

    Raises a ``RequestError`` when the engine gives no answer.
    """
    iris = await _iris(engine, question, name, (), client)
    named = await names(engine, iris[:MOST_CHOICES], language, client)
    ordered = sorted(named.values(), key=lambda one: (one.label.casefold(), one.iri))
    return Choices(tuple(ordered), complete=len(iris) <= MOST_CHOICES)


def choosing(question: Question, name: str) -> str:
    """Return a query for ``?value``, what a parameter may be that has choices in the graph.

    It has one more than are listed, and a place for values that it is asked of.
    """
    parameter = question.parameters[name]
    kind = f"a {parameter.class_}" if parameter.class_ else f"{IN_SCHEME} {parameter.scheme}"
    where = f"{parameter.where.rstrip(' .')} ." if parameter.where else ""
    return (
        f"{question.prologue}SELECT DISTINCT ?value WHERE {{ {PLACE} ?value {kind} . {where} "
        f"FILTER(isIRI(?value)) }} ORDER BY ?value LIMIT {MOST_CHOICES + 1}"
    )


async def _value(engine: Engine, question: Question, name: str, text: str, client: str) -> Term:
    parameter = question.parameters[name]
    if not parameter.has_choices:
        return READERS[parameter.type](name, parameter, text)
    if node := _node(question, name, text):
        found = await _iris(engine, question, name, [node], client)
    else:
        known = await _iris(engine, question, name, (), client)
        found = [iri for iri in known if slug(iri) == text]
    if len(found) == 1:
        return NamedNode(found[0])
    known = found or await _iris(engine, question, name, (), client)
    raise BadRequest(
        f"{name} cannot be {text[:LONGEST]!r}: {len(found) or 'no'} {_kind(parameter)} of that "
        f"name would give an answer. {_advice(text, known)}"
    )


def _kind(parameter: Parameter) -> str:
    of = f"class {parameter.class_}" if parameter.class_ else f"scheme {parameter.scheme}"
    return f"things of the {of}"


def _advice(text: str, known: Sequence[str]) -> str:
    """Return which things may be meant, each by the last part of its IRI where that is enough."""
    parts = Counter(map(slug, known))
    names = {iri: slug(iri) if parts[slug(iri)] == 1 else iri for iri in known}
    near = process.extract(slug(text), names, scorer=fuzz.WRatio, limit=NEAREST, score_cutoff=0)
    return f"Perhaps {', '.join(name for name, *_ in near)}." if near else ""


def _node(question: Question, name: str, text: str) -> NamedNode | None:
    """Return the IRI that a text is, whole or with a prefix of the query; ``None`` for a slug."""
    if (match := NAME.fullmatch(text)) and match[1] in question.prefixes:
        text = question.prefixes[match[1]] + match[2]
    return NamedNode(absolute(name, text)) if ":" in text else None


async def _iris(
    engine: Engine, question: Question, name: str, among: Iterable[NamedNode], client: str
) -> list[str]:
    """Return what a parameter may be, one more than most; ``among`` some things if any."""
    query, nodes = choosing(question, name), list(among)
    rows = await select(engine, bound(query, "value", nodes) if nodes else query, client)
    return [row["value"].value for row in rows]


def _date(name: str, _: Parameter, text: str) -> Literal:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return Literal(date.fromisoformat(text).isoformat(), datatype=term("xsd:date"))
    except ValueError:
        raise BadRequest(f"{name} is a date such as 2018-01-31.") from None


def _integer(name: str, parameter: Parameter, text: str) -> Literal:
    least, most = parameter.minimum, parameter.maximum
    if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        number = int(text)
        if (least is None or number >= least) and (most is None or number <= most):
            return Literal(number)
    limits = [f"at least {least}"] if least is not None else []
    limits += [f"at most {most}"] if most is not None else []
    raise BadRequest(f"{name} is a whole number{', ' if limits else ''}{' and '.join(limits)}.")


def _language(name: str, _: Parameter, text: str) -> Literal:
    if text not in LANGUAGES:
        raise BadRequest(f"{name} is one of {', '.join(LANGUAGES)}.")
    return Literal(text)


def _text(name: str, _: Parameter, text: str) -> Literal:
    if len(text) > LONGEST:
        raise BadRequest(f"{name} has at most {LONGEST} characters.")
    if not text.isprintable():
        raise BadRequest(f"{name} holds a control character, or one that is none.")
    return Literal(text)


READERS: Mapping[str, Callable[[str, Parameter, str], Literal]] = {
    "date": _date,
    "integer": _integer,
    "language": _language,
    "text": _text,
}
