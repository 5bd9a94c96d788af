"""Turtle as text: where each statement of a file begins, and how a file is laid out.

https://www.w3.org/TR/turtle/
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

__all__ = ["is_directive", "layout", "statements"]

WIDTH = 100
INDENT = "    "

TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\r\n]* )
    | (?P<iri>     <[^<>"{}|^`\x00-\x20]*> )
    | (?P<string>  \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
                 | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | (?P<word>    (?:[+-]?\.(?=\d))? (?:[^\s;,.\[\]()<>"'\#\\^]|\\.)+
                 (?:\.+ (?:[^\s;,.\[\]()<>"'\#\\^]|\\.)+ )* )
    | (?P<mark>    \^\^ | [;,.\[\]()] )
    """,
    re.VERBOSE | re.DOTALL,
)
DIRECTIVE = re.compile(r"@?(prefix|base)(\s|$)", re.IGNORECASE)
DIGITS = re.compile(r"([0-9]+)")
BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class _Token:
    text: str
    kind: str
    start: int
    line: int
    breaks: int  # line breaks since the token before


@dataclass
class _Node:
    """A term as it is written, or what stands in brackets; with its comments.

    ``comments`` stand above it, ``remark`` behind it.
    """

    text: str = ""
    properties: "list[_Property] | None" = None
    items: "list[_Node] | None" = None
    comments: list[str] = field(default_factory=list)
    remark: str = ""


@dataclass
class _Property:
    predicate: str
    objects: list[_Node]
    comments: list[str]
    remark: str = ""


def is_directive(statement: str) -> bool:
    """Tell whether a statement declares a prefix or a base."""
    return bool(DIRECTIVE.match(statement))


def statements(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield each statement of a Turtle text, directives included, with its line from 1.

    >>> list(statements("@prefix ex: <http://example.org/> .\nex:a ex:b 1.5 ."))
    [(1, '@prefix ex: <http://example.org/> .'), (2, 'ex:a ex:b 1.5 .')]
    """
    tokens: list[_Token] = []
    depth = 0
    for token in _tokens(text):
        if token.kind != "comment":
            tokens.append(token)
            if token.kind == "mark":
                depth += (token.text in "[(") - (token.text in "])")
            if not depth and _is_complete(tokens):
                yield tokens[0].line, text[tokens[0].start : token.start + len(token.text)]
                tokens = []


def _is_complete(tokens: list[_Token]) -> bool:
    keyword = tokens[0].text.lower()
    if keyword in ("prefix", "base"):  # in the form of SPARQL, which ends with its IRI
        return len(tokens) == (3 if keyword == "prefix" else 2)
    return tokens[-1].kind == "mark" and tokens[-1].text == "."


def _tokens(text: str) -> Iterator[_Token]:
    line, end = 1, 0
    for match in TOKEN.finditer(text):
        breaks = len(BREAK.findall(text, end, match.start()))
        line += breaks
        yield _Token(match[0], str(match.lastgroup), match.start(), line, breaks)
        line += len(BREAK.findall(match[0]))
        end = match.end()


def layout(text: str) -> str:
    """Return valid Turtle laid out by the rules of the house; laid out again, it stays as it is.

    Comments, subjects and properties keep their order. Prefixes are sorted by name, and those that
    nothing uses are dropped. A property has a line of its own, or a line for each value if that is
    too long. Values that are IRIs are sorted, numbers in them as numbers. A dot stands alone.
    """
    cursor = _Cursor([*_tokens(text)])
    used = _prefixes_in_use(cursor.tokens)
    paragraphs: list[str] = []
    while cursor.token:
        *apart, own = cursor.paragraphs_of_comments()
        paragraphs += apart
        cursor.comments_within = []
        if cursor.token is None:
            paragraphs.append(own)
        elif is_directive(cursor.token.text):
            lines = _directives(cursor.directives(), used)
            paragraphs += [own, "\n".join(cursor.comments_within), *lines]
        else:
            node, properties, remark = cursor.node(), cursor.properties("."), cursor.remark()
            lines = [*_lines_of_statement(node, properties, remark)]
            lost = _lost(cursor.comments_within, lines)
            paragraphs.append("\n".join([*filter(None, [own]), *lost, *lines]))
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def _lost(comments: list[str], lines: list[str]) -> list[str]:
    """Return the comments that have no place in the lines of their statement."""
    kept = Counter(one.text for one in _tokens("\n".join(lines)) if one.kind == "comment")
    return list((Counter(comments) - kept).elements()) if comments else []


def _prefixes_in_use(tokens: list[_Token]) -> set[str]:
    words = [
        token.text
        for before, token in zip([None, *tokens], tokens, strict=False)
        if token.kind == "word" and not (before and is_directive(before.text))
    ]
    return {word.partition(":")[0] for word in words if ":" in word}


def _directives(directives: Iterable[tuple[str, ...]], used: set[str]) -> list[str]:
    kept = [one for one in directives if one[0] == "base" or one[1].removesuffix(":") in used]
    if sum(one[0] == "base" for one in kept) < 2:  # what follows a second one depends on it
        kept.sort(key=lambda one: (one[0], one[1].removesuffix(":")))
    return ["\n".join(f"@{' '.join(one)} ." for one in kept)]


class _Cursor:
    """Reads tokens in turn; ``token`` is the next one, ``None`` at the end."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.comments_within: list[str] = []  # of the statement that is being read

    @property
    def token(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self) -> _Token:
        self.at += 1
        token = self.tokens[self.at - 1]
        if token.kind == "comment":
            self.comments_within.append(token.text)
        return token

    def part(self) -> str:
        """Read the next part of a directive or term, and the comments before it."""
        self.comments()
        return self.next().text

    def sees(self, *texts: str) -> bool:
        return self.token is not None and self.token.text in texts

    def sees_beyond_comments(self, text: str) -> bool:
        at = self.at
        while at < len(self.tokens) and self.tokens[at].kind == "comment":
            at += 1
        return at < len(self.tokens) and self.tokens[at].text.startswith(text)

    def remark(self) -> str:
        """Read the comment that stands behind what was read, on its line."""
        token = self.token
        return self.next().text if token and token.kind == "comment" and not token.breaks else ""

    def comments(self) -> list[str]:
        found = []
        while self.token and self.token.kind == "comment":
            found.append(self.next().text)
        return found

    def paragraphs_of_comments(self) -> list[str]:
        """Read comments; the last paragraph is what stands directly above the next token."""
        paragraphs: list[list[str]] = [[]]
        while self.token and self.token.kind == "comment":
            if self.token.breaks > 1:
                paragraphs.append([])
            paragraphs[-1].append(self.next().text)
        if self.token is None or self.token.breaks > 1:
            paragraphs.append([])
        return ["\n".join(lines) for lines in paragraphs]

    def directives(self) -> Iterator[tuple[str, ...]]:
        while self.token and is_directive(self.token.text):
            keyword = self.next().text.lower().removeprefix("@")
            yield (keyword, *(self.part() for _ in range(1 + (keyword == "prefix"))))
            if self.sees_beyond_comments("."):
                self.part()

    def properties(self, end: str) -> list[_Property]:
        """Read the properties of a node, and the mark that ends them."""
        properties: list[_Property] = []
        comments = self.comments()
        while not self.sees(end):
            if self.sees(";"):
                self.next()
                properties[-1].remark = properties[-1].remark or self.remark()
            else:
                properties.append(_Property(self.next().text, self.objects(), comments))
                comments = []
            comments += self.comments()
        self.next()
        if comments and properties:
            properties[-1].comments += comments
        return properties

    def objects(self) -> list[_Node]:
        objects = [self.node()]
        while self.sees(",") or (self.token and self.token.kind == "comment"):
            if self.sees(","):
                self.next()
                objects[-1].remark = objects[-1].remark or self.remark()
                objects.append(self.node())
            else:
                objects[-1].comments += self.comments()
        return objects

    def node(self) -> _Node:
        comments = self.comments()
        if self.sees("["):
            self.next()
            node = _Node(properties=self.properties("]"))
        elif self.sees("("):
            self.next()
            node = _Node(items=[*self.items(comments)])
        else:
            node = _Node("".join(self.term()))
        node.comments += comments
        return node

    def items(self, comments: list[str]) -> Iterator[_Node]:
        while not self.sees_beyond_comments(")"):
            yield self.node()
        comments += self.comments()
        self.next()

    def term(self) -> Iterator[str]:
        token = self.next()
        yield token.text
        if token.kind == "string" and self.sees_beyond_comments("^^"):
            yield from (self.part(), self.part())
        elif token.kind == "string" and self.sees_beyond_comments("@"):
            yield self.part()


def _lines_of_statement(subject: _Node, properties: list[_Property], remark: str) -> Iterator[str]:
    yield from filter(None, [*subject.comments, remark])
    yield _inline(subject)
    yield from _lines_of_properties(properties, INDENT)
    yield "."


def _lines_of_properties(properties: list[_Property], indent: str) -> Iterator[str]:
    for one in properties:
        remark = f"  {one.remark}" if one.remark else ""
        yield from (f"{indent}{comment}" for comment in one.comments)
        line = f"{indent}{one.predicate} {' , '.join(map(_inline, _sorted(one.objects)))} ;{remark}"
        plain = all(map(_is_plain, one.objects))
        if plain and (len(line) <= WIDTH or (len(one.objects) == 1 and one.objects[0].text)):
            yield line
        elif len(one.objects) == 1 and not (one.objects[0].comments or one.objects[0].remark):
            yield from _lines_of_brackets(
                f"{indent}{one.predicate} ", one.objects[0], f" ;{remark}"
            )
        else:
            yield f"{indent}{one.predicate}"
            yield from _lines_of_objects(_sorted(one.objects), indent + INDENT, remark)


def _lines_of_objects(objects: list[_Node], indent: str, remark: str) -> Iterator[str]:
    for number, node in enumerate(objects, start=1):
        yield from (f"{indent}{comment}" for comment in node.comments)
        end = f" ,  {node.remark}".rstrip() if number < len(objects) else f" ;{remark}"
        if node.text or (_is_plain_within(node) and len(indent + _inline(node)) + 2 <= WIDTH):
            yield f"{indent}{_inline(node)}{end}"
        else:
            yield from _lines_of_brackets(indent, node, end)


def _lines_of_brackets(head: str, node: _Node, end: str) -> Iterator[str]:
    indent = head[: len(head) - len(head.lstrip())]
    inner = indent + INDENT
    if node.properties is not None:
        yield f"{head}["
        yield from _lines_of_properties(node.properties, inner)
        yield f"{indent}]{end}"
    else:
        yield f"{head}("
        for item in node.items or []:
            yield from (f"{inner}{comment}" for comment in item.comments)
            if item.text or (_is_plain_within(item) and len(inner + _inline(item)) <= WIDTH):
                yield f"{inner}{_inline(item)}"
            else:
                yield from _lines_of_brackets(inner, item, "")
        yield f"{indent}){end}"


def _is_plain(node: _Node) -> bool:
    return not node.comments and not node.remark and _is_plain_within(node)


def _is_plain_within(node: _Node) -> bool:
    """Tell whether no comment stands inside the brackets of a node."""
    return all(map(_is_plain, node.items or [])) and not any(
        one.comments or one.remark or not all(map(_is_plain, one.objects))
        for one in node.properties or []
    )


def _inline(node: _Node) -> str:
    if node.properties is not None:
        parts = (
            f"{one.predicate} {' , '.join(map(_inline, _sorted(one.objects)))}"
            for one in node.properties
        )
        return f"[ {' ; '.join(parts)} ]" if node.properties else "[]"
    if node.items is not None:
        return f"( {' '.join(map(_inline, node.items))} )" if node.items else "()"
    return node.text


def _sorted(objects: list[_Node]) -> list[_Node]:
    """Return values sorted if all are IRIs without comments; the order of others may be meant."""
    if all(node.text and node.text[0] not in "\"'" and _is_plain(node) for node in objects):
        return sorted(objects, key=lambda node: _natural(node.text))
    return objects


def _natural(text: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if DIGITS.fullmatch(part) else (-1, part) for part in DIGITS.split(text)
    ]
