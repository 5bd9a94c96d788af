"""Forms: the fields in which a reader fills in the parameters of a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kg.dataset import Term
from kg.engine.base import Engine
from kg.front_matter import LANGUAGE, Parameter
from kg.names import Name
from kg.parameters import LONGEST, Values, choices, shortest
from kg.questions import Question
from kg.texts import Language

__all__ = ["Field", "Option", "fields"]

# What each type of parameter is filled in with, where it has no list of choices.
INPUTS = {"date": "date", "integer": "number"}


@dataclass(frozen=True)
class Option:
    """A choice: what the address says, and what a reader sees."""

    value: str
    name: Name


@dataclass(frozen=True)
class Field:
    """A field of a form: ``kind`` is ``select`` or a type of input, ``value`` what it holds.

    ``is_optional`` tells that nothing stands for any, ``is_open`` that its choices are not listed,
    since there are too many. ``fault`` is why what it holds is refused.
    """

    name: str
    label: str
    kind: str
    value: str
    fault: str
    is_optional: bool
    is_open: bool = False
    options: tuple[Option, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """What it holds, as a reader sees it."""
        labels = {one.value: one.name.label for one in self.options}
        return labels.get(self.value, self.value)

    @property
    def has_stray(self) -> bool:
        """Whether it holds what is none of its choices."""
        return bool(self.value) and all(one.value != self.value for one in self.options)


async def fields(
    engine: Engine,
    question: Question,
    given: Mapping[str, str],
    faults: Mapping[str, str],
    values: Values,
    language: Language,
    client: str = "",
) -> list[Field]:
    """Return the fields of a question as they were filled in, with labels in a language.

    ``given`` is what the address says of each, ``faults`` what is wrong with that, ``values`` are
    the terms of those that are right. The language has no field: it is that of the page. Raises a
    ``RequestError`` when the engine gives no answer.
    """
    found = []
    for name, parameter in question.parameters.items():
        if name != LANGUAGE:
            options = await _options(engine, question, name, language, client)
            value = given.get(name, "")
            if name not in faults:
                value = _value(values.get(name, question.defaults[name]), options)
            own = Field(
                name=name,
                label=parameter.label[language],
                kind="select" if options else INPUTS.get(parameter.type, "text"),
                value=value,
                fault=faults.get(name, ""),
                is_optional=question.defaults[name] is None,
                is_open=parameter.has_choices and not options,
                options=options,
                limits=_limits(parameter),
            )
            found.append(own)
    return found


async def _options(
    engine: Engine, question: Question, name: str, language: Language, client: str
) -> tuple[Option, ...]:
    """Return what a parameter may be, by the shortest text for each; nothing if it is too much."""
    if not question.parameters[name].has_choices:
        return ()
    found = await choices(engine, question, name, language, client)
    if not found.complete:
        return ()
    texts = shortest([one.iri for one in found.names])
    return tuple(Option(texts[one.iri], one) for one in found.names)


def _value(term: Term | None, options: tuple[Option, ...]) -> str:
    """Return the text that stands for a term; it is empty for any."""
    if isinstance(term, NamedNode):
        known = {one.name.iri: one.value for one in options}
        return known.get(term.value, term.value)
    return str(getattr(term, "value", ""))


def _limits(parameter: Parameter) -> dict[str, int]:
    """Return the attributes that bound what an input takes."""
    if parameter.type == "text":
        return {"maxlength": LONGEST}
    bounds = {"min": parameter.minimum, "max": parameter.maximum}
    return {name: bound for name, bound in bounds.items() if bound is not None}
