"""Grammar: what may follow what in a query.

SPARQL 1.2 Query, section 19.8 (https://www.w3.org/TR/sparql12-query/#sparqlGrammar), with what
pyoxigraph takes beyond it (LATERAL, ADJUST). The grammar is LL(1): one token decides what is next,
so that the first token that cannot stand where it does is known for certain.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.syntax.token import Token

__all__ = ["END", "RULES", "Rules", "Stop", "stop"]

END = "end of the query"

# What is in quotes is a sign, what is in capitals a keyword, what begins with one a kind of token,
# the rest is rules. Those that end in X are there twice, as what is a path in a pattern is a plain
# property in the template of a CONSTRUCT.
_QUERY = """
query = prologue form
prologue = (BASE Iri | PREFIX Prefix Iri | VERSION String)*
form = select values? | construct values? | describe values? | ask values?
select = select_clause dataset* where modifiers
select_clause = SELECT (DISTINCT | REDUCED)? ("*" | projection projection*)
projection = Var | "(" expression AS Var ")"
construct = CONSTRUCT (template dataset* where | dataset dataset* WHERE template | WHERE template)
  modifiers
describe = DESCRIBE ("*" | var_or_iri var_or_iri*) dataset* where? modifiers
ask = ASK dataset* where modifiers
dataset = FROM NAMED? iri
where = WHERE? group
template = "{" template_triples? "}"
template_triples = triples_plain ("." template_triples?)?
modifiers = group_by? having? order_by? slice?
group_by = GROUP BY grouping grouping*
grouping = builtin | function | "(" expression (AS Var)? ")" | Var
having = HAVING constraint constraint*
order_by = ORDER BY ordering ordering*
ordering = (ASC | DESC) bracketed | constraint | Var
slice = LIMIT Integer (OFFSET Integer)? | OFFSET Integer (LIMIT Integer)?
values = VALUES data
data = Var "{" value* "}" | "(" Var* ")" "{" row* "}"
row = "(" value* ")"
value = iri | literal | UNDEF | "<<(" ground iri_or_a ground ")>>"
ground = iri | literal | "<<(" ground iri_or_a ground ")>>"

group = "{" (select_clause where modifiers values? | patterns) "}"
patterns = block? (other "."? block?)*
block = triples_path ("." block?)?
other = union | (OPTIONAL | MINUS | LATERAL) group | GRAPH var_or_iri group | FILTER constraint
  | SERVICE SILENT? var_or_iri group | BIND "(" expression AS Var ")" | values
union = group (UNION group)*

constraint = bracketed | builtin | function
bracketed = "(" expression ")"
function = iri arguments
arguments = "(" (expression ("," expression)*)? ")"
expression = conjunction ("||" conjunction)*
conjunction = relation ("&&" relation)*
relation = sum (("=" | "!=" | "<" | ">" | "<=" | ">=") sum | IN list | NOT IN list)?
list = "(" (expression ("," expression)*)? ")"
sum = product (("+" | "-") product)*
product = unary (("*" | "/") unary)*
unary = ("!" | "+" | "-")? primary
primary = bracketed | builtin | iri arguments? | unsigned | Var | "<<(" inner iri_or_var inner ")>>"
inner = iri | literal | Var | "<<(" inner iri_or_var inner ")>>"
iri_or_var = iri_or_a | Var
builtin = (NOW | RAND | UUID | STRUUID) "(" ")"
  | (STR | LANG | LANGDIR | HASLANG | HASLANGDIR | DATATYPE | IRI | URI | ABS | CEIL | FLOOR | ROUND
    | STRLEN | UCASE | LCASE | ENCODE_FOR_URI | YEAR | MONTH | DAY | HOURS | MINUTES | SECONDS
    | TIMEZONE | TZ | MD5 | SHA1 | SHA256 | SHA384 | SHA512 | ISIRI | ISURI | ISBLANK | ISLITERAL
    | ISNUMERIC | ISTRIPLE | SUBJECT | PREDICATE | OBJECT) "(" expression ")"
  | (LANGMATCHES | CONTAINS | STRSTARTS | STRENDS | STRBEFORE | STRAFTER | STRLANG | STRDT
    | SAMETERM | ADJUST) "(" expression "," expression ")"
  | (IF | STRLANGDIR | TRIPLE) "(" expression "," expression "," expression ")"
  | (REGEX | SUBSTR) "(" expression "," expression ("," expression)? ")"
  | REPLACE "(" expression "," expression "," expression ("," expression)? ")"
  | (CONCAT | COALESCE) list | BNODE "(" expression? ")" | BOUND "(" Var ")" | NOT? EXISTS group
  | COUNT "(" DISTINCT? ("*" | expression) ")"
  | (SUM | MIN | MAX | AVG | SAMPLE) "(" DISTINCT? expression ")"
  | GROUP_CONCAT "(" DISTINCT? expression (";" SEPARATOR "=" String)? ")"

path = step_sequence ("|" step_sequence)*
step_sequence = step ("/" step)*
step = "^"? (iri_or_a | "!" excluded | "(" path ")") ("*" | "+" | "?")?
excluded = one_excluded | "(" one_excluded ("|" one_excluded)* ")"
one_excluded = "^"? iri_or_a

iri = Iri | Name | Prefix
iri_or_a = iri | a
var_or_iri = Var | iri
verb_plain = iri_or_var
verb_path = path | Var
subject = Var | iri | literal | Blank | "<<(" subject iri_or_var subject ")>>"
reified = "<<" (subject | reified) iri_or_var (subject | reified) reifier? ">>"
reifier = "~" (Var | iri | Blank)?
literal = unsigned | ("+" | "-") (Integer | Decimal)
unsigned = String (Tag | "^^" iri)? | Integer | Decimal | true | false
"""
_TRIPLES = """
triples_X = subject properties_X | reified properties_X?
  | "(" (")" properties_X | node_X node_X* ")" properties_X?)
  | "[" ("]" properties_X | properties_X "]" properties_X?)
properties_X = property_X (";" property_X?)*
property_X = verb_X object_X ("," object_X)*
object_X = node_X annotation_X*
annotation_X = reifier | "{|" properties_X "|}"
node_X = subject | reified | "(" node_X* ")" | "[" properties_X? "]"
"""
_WORD = re.compile(r'"[^"]+"|\w+|[()|?*]')


@dataclass(frozen=True)
class Rules:
    """A grammar; what is in brackets or repeated is a rule of its own, such as ``query#1``."""

    alternatives: Mapping[str, Sequence[tuple[str, ...]]]
    empty: frozenset[str]  # rules that nothing at all follows
    first: Mapping[str, frozenset[str]]  # kinds of tokens that a rule may begin with
    choices: Mapping[str, Mapping[str, tuple[str, ...]]]  # what a rule is, by the next token


@dataclass(frozen=True)
class Stop:
    """Where a query ceases to be one.

    ``index`` is that of the token that cannot stand there, the number of tokens if there should be
    more; ``expected`` are the rules and tokens that could have followed, and ``kinds`` the kinds of
    tokens that they begin with.
    """

    index: int
    expected: tuple[str, ...]
    kinds: frozenset[str] = field(repr=False)


def stop(tokens: Sequence[Token], start: int = 0, rule: str = "query") -> Stop | None:
    """Return where the tokens from ``start`` on cease to follow a rule; None if all follow it.

    Time grows linearly with the number of tokens, and nesting takes no stack.

    >>> from kg.syntax.token import tokens
    >>> stop(tuple(tokens("SELECT * WHERE { ?s ?p ?o }"))) is None
    True
    >>> found = stop(tuple(tokens("SELECT * WHERE { ?s ?p LIMIT 10 }")))
    >>> found.index, "Var" in found.kinds
    (6, True)
    """
    stack, passed = [rule], list[str]()
    index, last = start, len(tokens)
    while stack:
        kind = tokens[index].kind if index < last else END
        top = stack.pop()
        if top == kind:
            index += 1
            passed.clear()
        elif production := RULES.choices.get(top, {}).get(kind):
            stack.extend(reversed(production))
        else:
            passed.append(top)
            if top not in RULES.empty:
                return Stop(index, tuple(passed), _first(passed, RULES.first, RULES.empty))
    if index == last:
        return None
    return Stop(index, (*passed, END), _first((*passed, END), RULES.first, RULES.empty))


def _compiled(text: str) -> Rules:
    """Read a grammar.

    Raises ``ValueError`` if one token does not decide between two alternatives of a rule.
    """
    alternatives: dict[str, list[tuple[str, ...]]] = {}
    for definition in re.split(r"\n(?=\w)", text.strip()):
        name, *words = _WORD.findall(definition.replace("=", "", 1))
        alternatives[name] = _alternatives(words[::-1], name, alternatives)
    first: dict[str, frozenset[str]] = dict.fromkeys(alternatives, frozenset())
    empty, known = frozenset[str](), -1
    while known != (known := sum(map(len, first.values())) + len(empty)):
        for name, productions in alternatives.items():
            empty |= {name for production in productions if empty.issuperset(production)}
            first[name] = frozenset().union(*(_first(each, first, empty) for each in productions))
    choices: dict[str, dict[str, tuple[str, ...]]] = {name: {} for name in alternatives}
    for name, productions in alternatives.items():
        for production in productions:
            for kind in _first(production, first, empty):
                if choices[name].setdefault(kind, production) != production:
                    raise ValueError(f"{kind!r} begins two alternatives of {name}")
    return Rules(alternatives, empty, first, choices)


def _alternatives(
    words: list[str], name: str, rules: dict[str, list[tuple[str, ...]]]
) -> list[tuple[str, ...]]:
    """Read alternatives up to a closing bracket, from words in reverse; inner ones become rules."""
    alternatives, sequence = list[tuple[str, ...]](), list[str]()
    while words and words[-1] != ")":
        word = words.pop()
        if word == "|":
            alternatives.append(tuple(sequence))
            sequence.clear()
        elif word in ("(", "?", "*"):
            inner = f"{name}#{len(rules)}"
            rules[inner] = []
            if word == "(":
                rules[inner] += _alternatives(words, name, rules)
                words.pop()
            else:
                item = sequence.pop()
                rules[inner] += [(item, inner) if word == "*" else (item,), ()]
            sequence.append(inner)
        else:
            sequence.append(word.strip('"'))
    return [*alternatives, tuple(sequence)]


def _first(
    names: Sequence[str], first: Mapping[str, frozenset[str]], empty: frozenset[str]
) -> frozenset[str]:
    """Return the kinds of tokens that a sequence of rules and tokens may begin with."""
    kinds = frozenset[str]()
    for name in names:
        kinds |= first.get(name, frozenset({name}))
        if name not in empty:
            break
    return kinds


RULES = _compiled(_QUERY + _TRIPLES.replace("_X", "_plain") + _TRIPLES.replace("_X", "_path"))
