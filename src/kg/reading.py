"""Reading: whether a name, a number or a date can be read in Dutch text.

Forms of dates and numbers come from the Unicode CLDR, by Babel (https://cldr.unicode.org/).
"""

import re
import unicodedata
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

# Dashes and spaces of any kind, and what they are read as; quotation marks and signs that do not
# show are not read.
SIGNS = str.maketrans("–—‑‐\u00a0", "---- ", "'\"‘’‚‛`´′“”„«»\u00ad\u200b")
DAYS = ("d MMMM y", "d MMM y", "d MMM. y", "dd-MM-y", "d-M-y", "dd/MM/y", "d/M/y", "y-MM-dd")
DURATION = re.compile(r"P([0-9]+)([YMD])")
UNITS = {"Y": ("jaar",), "M": ("maanden", "maand"), "D": ("dagen", "dag")}


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
    words = [num2words(number, lang="nl")]
    for size, name in ((10**6, "miljoen"), (1000, "duizend")):
        if number and number % size == 0:
            words += [f"{number // size} {name}", f"{num2words(number // size, lang='nl')} {name}"]
    words += ["een"] * (number == 1)
    times = (f"{word}{suffix}" for word in words for suffix in ("", "maal"))
    return tuple(dict.fromkeys((text, format_decimal(number, locale="nl"), *times)))


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
    number, unit = match.groups() if match else ("", "")
    counts = [form for form in _number(number or "0") if not form.endswith("maal")]
    halves = ("half jaar", "halfjaar") if text == "P6M" else ()
    return (*halves, *(f"{count} {word}" for count in counts for word in UNITS.get(unit, ())))


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
    """Tell whether a text has some words or figures, whole; case, quotes and spacing aside.

    >>> is_readable("Weert", "de gemeenten Nederweert en Weert-Centrum")
    False
    >>> is_readable("'s Heerenloo", "Aan de slag met ’s  heerenloo.")
    True
    >>> is_readable("2015", "van 2015-2018"), is_readable("4", "4.000 of 3,4 of 14")
    (True, False)
    """
    wanted = _plain(form)
    before = r"(?<![\w.,])" if wanted[:1].isdecimal() else r"(?<![\w-])"
    after = r"(?!\w|[.,]\d)" if wanted[-1:].isdecimal() else r"(?![\w-])"
    return bool(wanted and re.search(f"{before}{re.escape(wanted)}{after}", _plain(text)))


@cache
def _plain(text: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    return " ".join(normal.translate(SIGNS).casefold().split())
