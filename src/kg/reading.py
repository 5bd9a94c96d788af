"""Reading: whether a name, a number or a date can be read in Dutch text.

Forms of dates and numbers come from the Unicode CLDR, by Babel (https://cldr.unicode.org/).
"""

import re
from datetime import date
from functools import cache

from babel.dates import format_date
from babel.numbers import format_decimal
from num2words import num2words
from pyoxigraph import Literal

from kg.namespaces import PREFIXES

__all__ = ["forms", "is_readable"]

XSD = PREFIXES["xsd"]
LEAP_YEAR = 2000  # lends its year to a day without one, 29 February included

# Quotation marks, dashes and spaces of any kind, and what they are read as.
SIGNS = str.maketrans("‘’‚‛`´“”„–—‑\u00a0", "''''''\"\"\"--- ")
DAYS = ("d MMMM y", "d MMM y", "dd-MM-y", "d-M-y", "y-MM-dd")
DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?")


def forms(value: Literal) -> tuple[str, ...]:
    """Return how Dutch text may write a number, date or duration; none if it may write it anyhow.

    >>> from pyoxigraph import NamedNode
    >>> forms(Literal("4", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")))
    ('4', 'vier', 'viermaal')
    >>> forms(Literal("2018-06", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")))
    ('juni 2018',)
    """
    form = FORMS.get(value.datatype.value)
    try:
        return form(value.value) if form else ()
    except ValueError:  # the shapes report what is no number or date
        return ()


def _number(text: str) -> tuple[str, ...]:
    number = int(text)
    word = num2words(number, lang="nl")
    return tuple(dict.fromkeys((text, format_decimal(number, locale="nl"), word, f"{word}maal")))


def _day(text: str) -> tuple[str, ...]:
    return tuple(_dutch(date.fromisoformat(text), pattern) for pattern in DAYS)


def _month(text: str) -> tuple[str, ...]:
    return (_dutch(date.fromisoformat(f"{text}-01"), "MMMM y"),)


def _year(text: str) -> tuple[str, ...]:
    return (text,)


def _day_without_year(text: str) -> tuple[str, ...]:
    return (_dutch(date.fromisoformat(f"{LEAP_YEAR}{text.removeprefix('-')}"), "d MMMM"),)


def _duration(text: str) -> tuple[str, ...]:
    match = DURATION.fullmatch(text)
    years, months = match.groups() if match else (None, None)
    if years and not months:
        return tuple(f"{number} jaar" for number in _number(years))
    if months and not years:
        halves = ("half jaar", "halfjaar") if months == "6" else ()
        return (*halves, *(f"{number} maanden" for number in _number(months)))
    return ()


def _dutch(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale="nl")


FORMS = {
    f"{XSD}integer": _number,
    f"{XSD}date": _day,
    f"{XSD}gYearMonth": _month,
    f"{XSD}gYear": _year,
    f"{XSD}gMonthDay": _day_without_year,
    f"{XSD}duration": _duration,
}


def is_readable(form: str, text: str) -> bool:
    """Tell whether a text has some words, as whole words; case, quotes and spacing aside.

    >>> is_readable("Weert", "de gemeenten Nederweert en Weert-Centrum")
    False
    >>> is_readable("'s Heerenloo", "Aan de slag met ’s  heerenloo.")
    True
    """
    return bool(re.search(rf"(?<![\w-]){re.escape(_plain(form))}(?![\w-])", _plain(text)))


@cache
def _plain(text: str) -> str:
    return " ".join(text.translate(SIGNS).casefold().split())
