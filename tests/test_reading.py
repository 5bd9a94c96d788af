"""Names, numbers and dates are found in Dutch text as people write them, and nowhere else."""

import pytest
from pyoxigraph import Literal

from kg.namespaces import term
from kg.reading import forms, is_readable

READABLE = [
    ("integer", "4", "Zij komen viermaal bijeen."),
    ("integer", "4", "Er zijn 4 bijeenkomsten."),
    ("integer", "11", "Elf gemeenten doen mee."),
    ("integer", "50000", "wel 50.000 mensen"),
    ("date", "2017-09-14", "vanaf 14 september 2017"),
    ("date", "2017-10-04", "04-10-2017"),
    ("gYearMonth", "2018-06", "voor eind juni 2018"),
    ("gYear", "2015", "sinds 2015"),
    ("gMonthDay", "--06-27", "op dinsdag 27 juni"),
    ("gMonthDay", "--02-29", "op 29 februari"),
    ("duration", "P6M", "het komende half jaar"),
    ("duration", "P2Y", "Na twee jaar"),
    ("duration", "P1M", "binnen een maand"),
    ("integer", "1", "Een gemeente doet mee."),
    ("integer", "4", "Het zijn er 4."),
    ("integer", "20000", "twintig duizend mensen"),
    ("integer", "2000000", "2 miljoen euro"),
    ("gYear", "2015", "van 2015–2018"),
    ("date", "2017-09-14", "14/09/2017"),
]
UNREADABLE = [
    ("integer", "4", "Er zijn 14 bijeenkomsten, in 40 zalen."),
    ("integer", "4", "Zij komen vijfmaal bijeen."),
    ("integer", "4", "Het zijn 4.000 mensen, of 3,4 miljoen."),
    ("integer", "1", "Elf gemeenten doen mee."),
    ("date", "2017-09-14", "vanaf 15 september 2017"),
    ("date", "2017-09-04", "vanaf 14 september 2017"),
    ("gYearMonth", "2018-06", "voor eind juli 2018"),
    ("gYear", "2015", "postbus 20155"),
    ("gMonthDay", "--06-07", "op dinsdag 27 juni"),
    ("duration", "P6M", "het komende jaar"),
    ("duration", "P2Y", "Na drie jaar"),
]


def reads(datatype: str, value: str, text: str) -> bool:
    """Tell whether a literal can be read in a text."""
    return any(
        is_readable(f, text) for f in forms(Literal(value, datatype=term(f"xsd:{datatype}")))
    )


@pytest.mark.parametrize(("datatype", "value", "text"), READABLE)
def test_is_read(datatype: str, value: str, text: str) -> None:
    assert reads(datatype, value, text)


@pytest.mark.parametrize(("datatype", "value", "text"), UNREADABLE)
def test_is_not_read(datatype: str, value: str, text: str) -> None:
    assert not reads(datatype, value, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("'s Heerenloo", "bij ’s Heerenloo en anderen"),
        ("Sint Jan", "SINT\nJAN"),
        ("werk in de buurt", "de titel ‘werk in de buurt’ is gekozen"),
        ("Noord- en Zuid", "Noord\u2011 en Zuid"),
        ("Youké", "Youke\u0301"),
        ("samenhang", "samen\u00adhang"),
    ],
)
def test_a_name_is_read_whatever_its_quotes_case_and_spacing(name: str, text: str) -> None:
    assert is_readable(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("Ede", "Nederweert"), ("Ede", "de wijk Ede-West"), ("Weert", "Nederweert"), ("MEE", "Meen")],
)
def test_a_name_is_not_read_within_another(name: str, text: str) -> None:
    assert not is_readable(name, text)


def test_what_may_be_written_anyhow_has_no_forms() -> None:
    for value in (Literal(True), Literal("some words", language="nl"), Literal("1.5")):
        assert forms(value) == ()


def test_what_is_no_number_or_date_is_left_to_the_shapes() -> None:
    for datatype, value in (("integer", "four"), ("date", "2017-13-01"), ("gMonthDay", "--13-40")):
        assert forms(Literal(value, datatype=term(f"xsd:{datatype}"))) == ()
