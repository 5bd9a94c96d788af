"""URLs: where a deployment shows what our IRIs name, each language under a path of its own.

A thing is shown by a document about it (https://www.w3.org/TR/cooluris/#r303uri); all else that we
name is a document or a part of one.
"""

from kg.namespaces import BASE
from kg.texts import Language

__all__ = ["DOCUMENTS", "THINGS", "iri", "localised", "neutral", "path"]

THINGS, DOCUMENTS = "/id/", "/doc/"
# What is no page, and so in no language.
NO_PAGES = (
    *("/.well-known/", "/context.jsonld", "/data/samenhang.", "/graphs", "/openapi.json"),
    "/sparql",
)
PREFIXES: dict[Language, str] = {"en": "", "nl": "/nl"}


def path(iri: str, language: Language = "en") -> str | None:
    """Return the path, and fragment, under which an IRI of ours is shown; ``None`` for others.

    >>> path("https://w3id.org/samenhang/id/pilot/ede-west", "nl")
    '/nl/doc/pilot/ede-west'
    >>> path("https://w3id.org/samenhang/ontology#Pilot")
    '/ontology#Pilot'
    """
    if not iri.startswith(BASE):
        return None
    own = "/" + iri.removeprefix(BASE)
    if own.startswith(THINGS):
        own = DOCUMENTS + own.removeprefix(THINGS)
    return own if own.startswith(NO_PAGES) else PREFIXES[language] + own


def iri(path: str) -> str:
    """Return what the document at a path without language is about.

    >>> iri("/doc/pilot/ede-west"), iri("/concept/role")
    ('https://w3id.org/samenhang/id/pilot/ede-west', 'https://w3id.org/samenhang/concept/role')
    """
    if path.startswith(DOCUMENTS):
        path = THINGS + path.removeprefix(DOCUMENTS)
    return BASE + path[1:]


def neutral(path: str) -> str:
    """Return a path without its language.

    >>> neutral("/nl/data"), neutral("/nl/"), neutral("/data")
    ('/data', '/', '/data')
    """
    return path.removeprefix(PREFIXES["nl"]) if path.startswith(f"{PREFIXES['nl']}/") else path


def localised(path: str, language: Language) -> str:
    """Return a path in a language, whatever the one that it is in.

    >>> localised("/data", "nl"), localised("/nl/", "en")
    ('/nl/data', '/')
    """
    return PREFIXES[language] + neutral(path)
