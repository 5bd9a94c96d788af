"""Parameters: what is asked with a question of the library, from text to terms, and its choices."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from kg import texts
from kg.dataset import Term
from kg.engine.base import Engine, select
from kg.errors import BadRequest
from kg.front_matter import LANGUAGE, Parameter
from kg.names import Name, names
from kg.namespaces import slug, term
from kg.queries import bound
from kg.questions import DATE, DIGITS, Question
from kg.texts import LANGUAGES, Language

__all__ = [
    "LARGEST",
    "LONGEST",
    "MOST_CHOICES",
    "Choices",
    "ParameterRefused",
    "Values",
    "choices",
    "choosing",
    "shortest",
    "values",
]

MOST_CHOICES = 500
NEAREST = 5
LONGEST = 200  # characters of a text that is taken or told
LARGEST = 10**DIGITS - 1  # number that is taken
NAME = re.compile(r"([\w-]*):([^\s/][^\s]*)")
IN_SCHEME = term("skos:inScheme")
PLACE = "VALUES ?value { UNDEF }"
# They join the letters of some scripts, so that a text needs them.
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"

Values = dict[str, Term | None]


class ParameterRefused(BadRequest):
    """A parameter that is none, or cannot have a value.

    ``reason`` is a key of the texts of parameters, ``told`` is what these have a place for.
    """

    title = "Parameter refused"

    def __init__(self, name: str, reason: str, **told: object) -> None:
        self.name, self.reason, self.told = name, reason, told
        super().__init__(self._worded("en", name))

    def worded(self, language: Language, parameter: Parameter | None) -> str:
        """Return what is wrong in a language, with the label of the parameter if it is one."""
        label = _words(language)["label"].format(
            label=parameter.label[language] if parameter else self.name
        )
        return self._worded(language, label)

    def _worded(self, language: Language, called: str) -> str:
        return _words(language)[self.reason].format(parameter=called, **self.told)


@cache
def _words(language: Language) -> Mapping[str, str]:
    """Return the texts of parameters."""
    return texts.read(language)["parameters"]  # type: ignore[no-any-return]


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

    An empty text is none. ``language`` is that of labels, unless it is given. Raises
    ``ParameterRefused`` if there is no such parameter or value, and a ``RequestError`` when the
    engine gives no answer.
    """
    found: Values = dict(question.defaults)
    if question.is_multilingual:
        found[LANGUAGE] = Literal(language)
    seen: set[str] = set()
    for name, text in given:
        if name not in question.parameters:
            known = ", ".join(question.parameters)
            reason = "unknown" if known else "none"
            raise ParameterRefused(name, reason, text=_quoted(name), known=known)
        if name in seen:
            raise ParameterRefused(name, "repeated")
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


def shortest(iris: Collection[str]) -> dict[str, str]:
    """Return for each thing the shortest text that it can be given by among these.

    >>> shortest(["urn:x/one", "urn:y/one", "urn:y/two"])
    {'urn:x/one': 'urn:x/one', 'urn:y/one': 'urn:y/one', 'urn:y/two': 'two'}
    """
    shared = Counter(map(slug, iris))
    return {iri: slug(iri) if shared[slug(iri)] == 1 else iri for iri in iris}


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
    if found:
        near, count = _near(text, found), len(found)
        raise ParameterRefused(name, "several", text=_quoted(text), count=count, near=near)
    near = _near(text, await _iris(engine, question, name, (), client))
    reason = "no_choice" if near else "no_choices"
    raise ParameterRefused(name, reason, text=_quoted(text), near=near)


def _quoted(text: str) -> str:
    """Return a text, or its beginning, as it can be shown whatever it holds."""
    return repr(text[:LONGEST])


def _near(text: str, known: Sequence[str]) -> str:
    """Return which things may be meant."""
    near = process.extract(
        slug(text), shortest(known), scorer=fuzz.WRatio, limit=NEAREST, score_cutoff=0
    )
    return ", ".join(name for name, *_ in near)


def _node(question: Question, name: str, text: str) -> NamedNode | None:
    """Return the IRI that a text is, whole or with a prefix of the query; ``None`` for a slug."""
    if (match := NAME.fullmatch(text)) and match[1] in question.prefixes:
        text = question.prefixes[match[1]] + match[2]
    try:
        return NamedNode(text) if ":" in text else None
    except ValueError:
        raise ParameterRefused(name, "iri", text=_quoted(text)) from None


async def _iris(
    engine: Engine, question: Question, name: str, among: Iterable[NamedNode], client: str
) -> list[str]:
    """Return what a parameter may be, one more than most; ``among`` some things if any."""
    query, nodes = choosing(question, name), list(among)
    rows = await select(engine, bound(query, "value", nodes) if nodes else query, client)
    return [row["value"].value for row in rows]


def _date(name: str, _: Parameter, text: str) -> Literal:
    try:
        if not re.fullmatch(DATE, text):
            raise ValueError
        return Literal(date.fromisoformat(text).isoformat(), datatype=term("xsd:date"))
    except ValueError:
        raise ParameterRefused(name, "date") from None


def _integer(name: str, parameter: Parameter, text: str) -> Literal:
    least, most = parameter.minimum, parameter.maximum
    if re.fullmatch(rf"[+-]?[0-9]{{1,{DIGITS}}}", text):
        number = int(text)
        if parameter.has_within(number):
            return Literal(number)
    reasons = {
        (False, False): "integer",
        (True, False): "at_least",
        (False, True): "at_most",
        (True, True): "between",
    }
    reason = reasons[least is not None, most is not None]
    raise ParameterRefused(name, reason, least=least, most=most)


def _language(name: str, _: Parameter, text: str) -> Literal:
    if text not in LANGUAGES:
        raise ParameterRefused(name, "language", known=", ".join(LANGUAGES))
    return Literal(text)


def _text(name: str, _: Parameter, text: str) -> Literal:
    plain = _plain(text)
    if len(plain) > LONGEST:
        raise ParameterRefused(name, "long", most=LONGEST)
    for one in plain:
        if not one.isprintable() and one not in JOINERS:
            reason = "control" if unicodedata.category(one) == "Cc" else "no_character"
            raise ParameterRefused(name, reason, code=f"U+{ord(one):04X}")
    return Literal(plain)


def _plain(text: str) -> str:
    """Return a text as it is typed: copied from a document, it has other spaces and hidden marks.

    >>> _plain("co\N{SOFT HYPHEN}operation\N{NO-BREAK SPACE}of")
    'cooperation of'
    """
    kinds = ((one, unicodedata.category(one)) for one in text)
    kept = ((one, kind) for one, kind in kinds if kind != "Cf" or one in JOINERS)
    return "".join(" " if kind == "Zs" else one for one, kind in kept)


READERS: Mapping[str, Callable[[str, Parameter, str], Literal]] = {
    "date": _date,
    "integer": _integer,
    "language": _language,
    "text": _text,
}
