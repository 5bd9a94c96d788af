"""Turtle is split into statements and laid out without losing what it says or its comments."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.dataset import canonical, parse_turtle
from kg.turtle import is_directive, layout, statements

ROOT = Path(__file__).parents[1]
FILES = sorted([*ROOT.glob("data/**/*.ttl"), *ROOT.glob("ontology/**/*.ttl")])
PREFIX = "@prefix ex: <http://example.org/> .\n\n"


def meaning(text: str) -> object:
    """Return what a text says, whatever its blank nodes are called."""
    return canonical(parse_turtle(Path("x.ttl"), text.encode()))


def test_there_are_files_to_try() -> None:
    assert len(FILES) > 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_layout_of_a_file_says_the_same_and_is_stable(file: Path) -> None:
    text = file.read_text("utf-8")
    once = layout(text)
    assert meaning(once) == meaning(text)
    assert layout(once) == once


SAME = {
    "an escaped quote in a string": r'ex:a ex:b "say \"yes\" ; # no" .',
    "a long string with breaks": 'ex:a ex:b """one\n# two ; .\n""quoted"" three""" , \'it\' .',
    "a dot within a name and after it": "ex:a.b ex:c ex:d.e.",
    "numbers of every kind": "ex:a ex:b 1 , -1.50 , .5 , 1e3 , 2.e0 .",
    "a datatype by prefix": 'ex:a ex:b "1"^^ex:t , "x"@nl-NL , true .',
    "nested brackets": "ex:a ex:b [ ex:c ( 1 [ ex:d ex:e ] ( ) ) ; ex:f [] ] .",
    "a subject in brackets": "[ ex:a ex:b ] ex:c ex:d . [ ex:e ex:f ] .",
    "a collection as subject": "( 1 2 ) ex:a ex:b .",
    "an escaped local name": r"ex:a\,b ex:c ex:d\#e .",
    "semicolons too many": "ex:a ex:b ex:c ;; ex:d ex:e ; .",
    "prefixes as in SPARQL": "PREFIX f: <http://f.org/>\nBASE <http://b/>\nf:a f:b <c> .",
    "an IRI with a hash": "<http://x.org/a#b> ex:c <#d> . # end",
    "everything on one line": "ex:a a ex:b;ex:c'x','y'.ex:d ex:e ex:f.",
    "a prefix called prefix": "@prefix prefix: <http://p.org/> . prefix:base ex:a prefix:b .",
    "a blank node by name": "_:a ex:b _:c . _:c ex:b _:a .",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_layout_says_the_same(text: str) -> None:
    base = "@base <http://example.org/> .\n"
    text = base + PREFIX + text
    once = layout(text)
    assert meaning(once) == meaning(text)
    assert layout(once) == once
    split = [one for _, one in statements(text)]
    prologue = "\n".join(one for one in split if is_directive(one))
    assert [meaning(f"{prologue}\n{one}") for one in split if not is_directive(one)]


def test_the_layout_is_that_of_the_house() -> None:
    text = """# What it is about.
    @prefix zoo: <http://zoo.org/> . @prefix unused: <http://unused.org/> .
    @prefix ex: <http://example.org/> . @prefix ex-two: <http://example.org/two/> .
    # Above the subject.
    ex:a a ex:Thing; ex:says "nl"@nl, "en"@en;   # behind a property
      # above a property
      ex:in <x#char=100,110>, <x#char=9,10> ;
      ex:many ex:value-number-eleven, ex:value-number-two,
        ex:value-number-one, ex-two:another-value .
    # On its own.

    zoo:b ex:c "2", "1" .
    # At the end."""
    assert (
        layout(text)
        == """# What it is about.

@prefix ex: <http://example.org/> .
@prefix ex-two: <http://example.org/two/> .
@prefix zoo: <http://zoo.org/> .

# Above the subject.
ex:a
    a ex:Thing ;
    ex:says "nl"@nl , "en"@en ;  # behind a property
    # above a property
    ex:in <x#char=9,10> , <x#char=100,110> ;
    ex:many
        ex-two:another-value ,
        ex:value-number-eleven ,
        ex:value-number-one ,
        ex:value-number-two ;
.

# On its own.

zoo:b
    ex:c "2" , "1" ;
.

# At the end.
"""
    )


COMMENTS = """# 1
@prefix ex: <http://example.org/> . # 2
# 3

# 4
ex:a # 5
  # 6
  ex:b # 7
    ex:c # 8
    , # 9
    # 10
    ex:d # 11
    ; # 12
  ex:e [ # 13
    ex:f ex:g # 14
    ; # 15
  ] , ( # 16
    1 # 17
    2 # 18
  ) # 19
  # 20
. # 21
# 22
"""


def test_no_comment_is_lost() -> None:
    once = layout(COMMENTS)
    for number in range(1, 23):
        assert once.count(f"# {number}\n") == 1, number
    assert layout(once) == once
    assert meaning(once) == meaning(COMMENTS)


ODD_COMMENTS = [
    "ex:a ex:b ex:z , # keep\n ex:c .",
    "ex:a ex:b [ # keep\n] .",
    "[ # keep\n ex:a ex:b ] ex:c ex:d .",
    "[ ex:a ex:b # keep\n ] ex:c ex:d .",
    "[ ex:a ex:b ] # keep\n .",
    'ex:a ex:b "1"^^ # keep\n ex:t .',
    'ex:a ex:b "1" # keep\n @nl .',
    "ex:a ex:b ( # keep\n ) , ( ( ex:c # keep too\n ) ) .",
    "ex:a # keep\n ex:b ex:c .",
    "@prefix x: # keep\n <http://x.org/> .\nx:a x:b x:c .",
    "@prefix x: <http://x.org/> # keep\n .\nx:a x:b x:c .",
    "@prefix # keep\n x: <http://x.org/> .\nx:a x:b x:c .",
]


@pytest.mark.parametrize("text", ODD_COMMENTS)
def test_a_comment_in_an_odd_place_is_kept(text: str) -> None:
    once = layout(PREFIX + text)
    assert once.count("# keep\n") == 1
    assert once.count("# keep too\n") == text.count("# keep too")
    assert layout(once) == once
    assert meaning(once) == meaning(PREFIX + text)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_breaks_of_other_systems_are_understood(newline: str) -> None:
    text = f'{PREFIX}# one\nex:a ex:b """x\ny""" . # two\nex:c ex:d ex:e .'.replace("\n", newline)
    once = layout(text)
    assert meaning(once) == meaning(text)
    assert once.count("# one\n") == once.count("# two\n") == 1
    assert [line for line, _ in statements(text)] == [1, 4, 6]


def test_iris_with_odd_digits_are_sorted() -> None:
    text = f"{PREFIX}ex:a ex:b <http://x/1²3> , <http://x/1²2> ."
    assert layout(text).count("²") == 2


def test_a_statement_knows_its_line() -> None:
    text = (
        "# one\n@prefix ex: <http://example.org/> .\n\nex:a\n  ex:b '''x\ny''' .\nex:c ex:d 1.5 ."
    )
    assert [(line, is_directive(one)) for line, one in statements(text)] == [
        (2, True),
        (4, False),
        (7, False),
    ]


@given(st.text(alphabet="ab\"'\\#;.,[]()<>@^ \n", max_size=20))
def test_any_string_survives(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    text = f'{PREFIX}ex:a ex:b "{escaped}" , ex:c .'
    assert meaning(layout(text)) == meaning(text)
