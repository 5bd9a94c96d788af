"""Prefixes: those that a query uses and does not declare."""

from collections.abc import Mapping, Sequence

from kg.namespaces import PREFIXES
from kg.syntax.place import BARE_IRI, Fault, Repair, nearest
from kg.syntax.token import Token

__all__ = ["undeclared"]

# Prefixes that readers know from elsewhere, and that this graph does not use.
ELSEWHERE = {
    "bif": "http://www.openlinksw.com/schemas/bif#",
    "dbo": "http://dbpedia.org/ontology/",
    "dbp": "http://dbpedia.org/property/",
    "dbr": "http://dbpedia.org/resource/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "fn": "http://www.w3.org/2005/xpath-functions#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "gn": "http://www.geonames.org/ontology#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "p": "http://www.wikidata.org/prop/",
    "pq": "http://www.wikidata.org/prop/qualifier/",
    "ps": "http://www.wikidata.org/prop/statement/",
    "qb": "http://purl.org/linked-data/cube#",
    "schema": "https://schema.org/",
    "sdo": "https://schema.org/",
    "sf": "http://www.opengis.net/ont/sf#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "wikibase": "http://wikiba.se/ontology#",
}
SCHEMES = frozenset({"ftp", "http", "https", "mailto", "tel", "urn"})


_Uses = Mapping[str, Sequence[Token]]  # prefixes, and the tokens that use them


def undeclared(text: str, tokens: Sequence[Token]) -> Fault | None:
    """Return the first prefixed name whose prefix no PREFIX declares."""
    declared, missing = set[str](), dict[str, list[Token]]()
    for index, token in enumerate(tokens):
        if token.kind in ("Name", "Prefix"):
            prefix = text[token.start : text.index(":", token.start)]
            if index and tokens[index - 1].kind == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                missing.setdefault(prefix, []).append(token)
    if not missing:
        return None
    prefix, uses = next(iter(missing.items()))
    reason = f"prefix {prefix}: is not declared"
    repair = (
        _scheme(text, prefix, missing)
        or _misspelt(prefix, missing, declared)
        or _known(prefix, missing)
        or Repair(f"Declare it before the query: PREFIX {prefix}: <…> with its namespace in it.")
    )
    return Fault(uses[0].start, reason, repair)


def _scheme(text: str, prefix: str, missing: _Uses) -> Repair | None:
    """Advise to bracket what is an IRI."""
    token = missing[prefix][0]
    if prefix.casefold() not in SCHEMES or not (found := BARE_IRI.match(text, token.start)):
        return None
    edits = ((found.start(), found.end(), f"<{found[0]}>"),)
    return Repair(f"An IRI is written in angle brackets: <{found[0]}>", edits)


def _misspelt(prefix: str, missing: _Uses, declared: set[str]) -> Repair | None:
    """Advise the declared prefix that looks like it, or a known one."""
    if prefix in PREFIXES or prefix in ELSEWHERE:
        return None
    length = len(prefix)
    if right := nearest(prefix, declared):
        edits = tuple((use.start, use.start + length, right) for use in missing[prefix])
        return Repair(f"Did you mean {right}: which is declared?", edits)
    if right := nearest(prefix, PREFIXES):
        edits = tuple((use.start, use.start + length, right) for use in missing[prefix])
        line = f"PREFIX {right}: <{PREFIXES[right]}>"
        return Repair(
            f"Did you mean {right}:? Add before the query: {line}", ((0, 0, f"{line}\n"), *edits)
        )
    return None


def _known(prefix: str, missing: _Uses) -> Repair | None:
    """Advise the declarations of all prefixes that are known."""
    known = ELSEWHERE | PREFIXES
    if prefix not in known:
        return None
    lines = [f"PREFIX {name}: <{known[name]}>" for name in missing if name in known]
    return Repair(
        f"Add before the query: {' '.join(lines)}",
        ((0, 0, "".join(f"{line}\n" for line in lines)),),
    )
