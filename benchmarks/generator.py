"""Synthetic collaborations in the ontology of Samenhang, of any number, to measure with.

They are made up: no municipality and no organisation in them exists. The same size, seed and
ontology give the same bytes. Some 61 quads come with a collaboration, so that 10,000 make 600,000;
beside them stand the concepts of the ontology, whatever the size.
"""

import hashlib
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg.dataset import Term, parse_turtle, read_bytes
from kg.namespaces import PREFIXES, SOURCE, graph, slug, term

__all__ = ["SEED", "generate", "quads"]

SEED = 2026
FIRST, LAST = date(2010, 1, 1), date(2026, 6, 30)
MUNICIPALITIES = 342  # at most; one for every twenty collaborations until then
REGISTER = NamedNode(f"{SOURCE}made-up")
AGENT = NamedNode(f"{PREFIXES['id']}agent/generator")

PLACES = [
    first + last
    for last in ("beek", "dam", "drecht", "horst", "huizen", "loo", "veen", "wijk", "zijl")
    for first in ("Berg", "Daal", "Eik", "Haven", "Heuvel", "Linden", "Meer", "Noord", "Oost")
]
KINDS = (
    ("zorggroep", "care group"),
    ("welzijn", "welfare"),
    ("jeugdhulp", "youth care"),
    ("woningcorporatie", "housing association"),
    ("thuiszorg", "home care"),
    ("schuldhulp", "debt counselling"),
    ("buurtteam", "neighbourhood team"),
    ("huisartsenkring", "general practitioners"),
)
TOPICS = (
    ("jeugd en gezin", "youth and family"),
    ("wonen met zorg", "housing with care"),
    ("werk en inkomen", "work and income"),
    ("eenzaamheid", "loneliness"),
    ("schulden en armoede", "debt and poverty"),
    ("mantelzorg", "informal care"),
    ("wijkgericht werken", "neighbourhood work"),
    ("passend onderwijs", "education for all"),
)
ROLES = ("partner", "participant", "party", "supporter")
# Which property of a collaboration has how many values of which scheme.
TOPICAL = (("hasTheme", "theme", 2), ("hasObjective", "objective", 1))
CODED = ("v01", "v02")

T = TypeVar("T")
_Lists = Mapping[str, Sequence[NamedNode]]


@dataclass(frozen=True)
class _Body:
    """A municipality or an organisation, with its name in Dutch."""

    node: NamedNode
    name: str


@dataclass(frozen=True)
class _World:
    """What the collaborations share; ``local`` are the organisations by their municipality."""

    concepts: _Lists
    values: _Lists
    municipalities: Sequence[_Body]
    organisations: Sequence[_Body]
    local: Mapping[NamedNode, Sequence[_Body]]


@dataclass(frozen=True)
class _Case:
    """A collaboration, its name in Dutch and English, its place, its members, its first day."""

    slug: str
    nl: str
    en: str
    municipality: _Body
    members: Sequence[_Body]
    day: date

    @property
    def node(self) -> NamedNode:
        return _id("collaboration", self.slug)

    @property
    def source(self) -> NamedNode:
        return NamedNode(SOURCE + self.slug)

    @property
    def graph(self) -> str:
        return f"case/{self.slug}"


def generate(path: Path, size: int, project: Path, seed: int = SEED) -> None:
    """Write N-Quads of that many collaborations, in terms of the ontology of a project's folder."""
    serialize(quads(size, project, seed), path, RdfFormat.N_QUADS)


def quads(size: int, project: Path, seed: int = SEED) -> Iterator[Quad]:
    """Yield the quads of that many collaborations, after those that they share."""
    chance = Random(seed)  # noqa: S311 - nothing here is secret
    ontology = [
        Quad(quad.subject, quad.predicate, quad.object, graph("ontology"))
        for path in sorted((project / "ontology" / "concepts").glob("*.ttl"))
        for quad in parse_turtle(path, read_bytes(path))
    ]
    yield from ontology
    yield from _register()
    municipalities = yield from _municipalities(max(3, min(MUNICIPALITIES, size // 20)))
    organisations = yield from _organisations(max(8, size // 2), chance)
    local = defaultdict(list)
    for organisation in organisations:
        local[_favoured(municipalities, chance).node].append(organisation)
    world = _World(*_concepts(ontology), municipalities, organisations, local)
    for number in range(size):
        yield from _case(number, world, chance)


def _concepts(ontology: Sequence[Quad]) -> tuple[_Lists, _Lists]:
    """Return the concepts of each scheme, and the values of each variable."""
    schemes, lists = defaultdict(list), {}
    for quad in ontology:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            if quad.predicate == term("skos:inScheme"):
                schemes[slug(quad.object.value)].append(quad.subject)
            if quad.predicate == term("sam:hasValueScheme"):
                lists[slug(quad.subject.value)] = slug(quad.object.value)
    return schemes, {variable: schemes[scheme] for variable, scheme in lists.items()}


def _register() -> Iterator[Quad]:
    yield _quad(REGISTER, "rdf:type", term("dcat:Dataset"), "sources")
    yield from _texts(REGISTER, "rdfs:label", "verzonnen", "made up", "sources")
    yield from _texts(REGISTER, "dcterms:title", "Verzonnen", "Made up", "sources")
    yield from _texts(REGISTER, "dcterms:description", "Verzonnen.", "Made up.", "sources")
    yield _quad(AGENT, "rdf:type", term("foaf:Agent"), "sources")
    yield from _texts(AGENT, "rdfs:label", "generator", "generator", "sources")


def _municipalities(count: int) -> Generator[Quad, None, list[_Body]]:
    made = []
    for number in range(count):
        name = f"{PLACES[number % len(PLACES)]} {number}"
        node, where = _id("municipality", f"made-up-{number:03}"), "register/municipalities"
        yield _quad(node, "rdf:type", term("sam:Municipality"), where)
        yield _quad(node, "foaf:name", Literal(name), where)
        yield _quad(node, "sam:cbsCode", Literal(f"GM{9000 + number}"), where)
        yield _quad(node, "dcterms:source", REGISTER, where)
        yield from _texts(node, "rdfs:label", f"gemeente {name}", f"municipality of {name}", where)
        made.append(_Body(node, f"gemeente {name}"))
    return made


def _organisations(count: int, chance: Random) -> Generator[Quad, None, list[_Body]]:
    """Yield organisations: the first are the large ones, and others are units of them."""
    made: list[_Body] = []
    for number in range(count):
        nl, en = chance.choice(KINDS)
        name = f"{chance.choice(PLACES)} {number}"
        node, where = _id("organisation", f"made-up-{number:06}"), "register/organisations"
        yield _quad(node, "rdf:type", term("org:Organization"), where)
        english = f"{name} {en}" if _happens(0.4, chance) else ""
        yield from _texts(node, "rdfs:label", f"{nl} {name}", english, where)
        if made and _happens(0.6, chance):
            yield _quad(node, "org:unitOf", _favoured(made, chance).node, where)
        made.append(_Body(node, f"{nl} {name}"))
    return made


def _case(number: int, world: _World, chance: Random) -> Iterator[Quad]:
    municipality = _favoured(world.municipalities, chance)
    nl, en = chance.choice(TOPICS)
    place = municipality.name.removeprefix("gemeente ")
    case = _Case(
        slug=f"made-up-{number:06}",
        nl=f"{nl} in {place}, {number}",
        en=f"{en} in {place}, {number}",
        municipality=municipality,
        members=_members(municipality, world, chance),
        day=FIRST + timedelta(days=int((LAST - FIRST).days * chance.random() ** 0.7)),
    )
    yield from _collaboration(case, world, chance)
    yield from _memberships(case, chance)
    yield from _agreement(case)
    if _happens(0.5, chance):
        yield from _pilot(case, chance)
    yield from _source(case)
    passage = yield from _evidence(case, chance)
    if _happens(0.3, chance):
        yield from _codings(case, passage, world, chance)


def _members(municipality: _Body, world: _World, chance: Random) -> Sequence[_Body]:
    """Return two members or more: most of the same place, others that work everywhere."""
    wanted = 2
    while wanted < 8 and _happens(0.3, chance):
        wanted += 1
    near = world.local[municipality.node]
    found: dict[NamedNode, _Body] = {}
    while len(found) < wanted:
        # What is near may be fewer than are wanted, what is everywhere never is.
        pool = near if near and _happens(0.6, chance) else world.organisations
        member = _favoured(pool, chance)
        found[member.node] = member
    return list(found.values())


def _collaboration(case: _Case, world: _World, chance: Random) -> Iterator[Quad]:
    node, where = case.node, case.graph
    yield _quad(node, "rdf:type", term("sam:Collaboration"), where)
    yield from _texts(node, "rdfs:label", f"samenwerking {case.nl}", case.en, where)
    yield _quad(node, "sam:documentedIn", case.source, where)
    yield _quad(node, "sam:inMunicipality", case.municipality.node, where)
    other = _favoured(world.municipalities, chance)
    if _happens(0.2, chance) and other != case.municipality:
        yield _quad(node, "sam:inMunicipality", other.node, where)
    yield _quad(node, "sam:memberListClosed", Literal(_happens(0.6, chance)), where)
    for name, scheme, count in TOPICAL:
        for value in {_favoured(world.concepts[scheme], chance): None for _ in range(count)}:
            yield _quad(node, f"sam:{name}", value, where)


def _memberships(case: _Case, chance: Random) -> Iterator[Quad]:
    for number, member in enumerate(case.members):
        node = _id("membership", f"{case.slug}-{number}")
        role = term(f"concept:role/{_favoured(ROLES, chance)}")
        yield _quad(node, "rdf:type", term("org:Membership"), case.graph)
        yield _quad(node, "org:member", member.node, case.graph)
        yield _quad(node, "org:organization", case.node, case.graph)
        yield _quad(node, "org:role", role, case.graph)
        yield from _texts(
            node,
            "rdfs:label",
            f"{member.name} in {case.nl}",
            f"{member.name}, {case.en}",
            case.graph,
        )


def _agreement(case: _Case) -> Iterator[Quad]:
    node, signing = _id("agreement", case.slug), _id("event", case.slug)
    yield _quad(case.node, "sam:boundBy", node, case.graph)
    yield _quad(node, "rdf:type", term("sam:DeclarationOfIntent"), case.graph)
    yield from _texts(
        node, "rdfs:label", f"verklaring {case.nl}", f"declaration, {case.en}", case.graph
    )
    yield _quad(node, "sam:signedAt", signing, case.graph)
    for party in (case.municipality, *case.members):
        yield _quad(node, "sam:hasParty", party.node, case.graph)
    yield _quad(signing, "rdf:type", term("sam:Event"), case.graph)
    yield from _texts(
        signing, "rdfs:label", f"tekening {case.nl}", f"signing, {case.en}", case.graph
    )
    yield _quad(signing, "sam:date", _day(case.day), case.graph)


def _pilot(case: _Case, chance: Random) -> Iterator[Quad]:
    node, start = _id("pilot", case.slug), case.day + timedelta(days=chance.randrange(180))
    yield _quad(case.node, "sam:carriesOut", node, case.graph)
    yield _quad(node, "rdf:type", term("sam:Pilot"), case.graph)
    yield from _texts(node, "rdfs:label", f"pilot {case.nl}", f"pilot, {case.en}", case.graph)
    yield _quad(node, "sam:inMunicipality", case.municipality.node, case.graph)
    yield _quad(node, "sam:startDate", _day(start), case.graph)
    if _happens(0.7, chance):
        end = start + timedelta(days=chance.randrange(180, 1100))
        yield _quad(node, "sam:endDate", _day(end), case.graph)


def _source(case: _Case) -> Iterator[Quad]:
    node, digest = case.source, hashlib.sha256(case.slug.encode()).hexdigest()
    yield _quad(node, "rdf:type", term("sam:SourceDocument"), "sources")
    yield from _texts(node, "rdfs:label", f"bericht {case.nl}", f"report, {case.en}", "sources")
    yield from _texts(node, "dcterms:title", f"Samen verder: {case.nl}", "", "sources")
    yield _quad(node, "dcterms:issued", _day(case.day + timedelta(days=7)), "sources")
    yield _quad(node, "sam:characterCount", Literal(4000), "sources")
    yield _quad(node, "sam:sha256", Literal(digest), "sources")


def _evidence(case: _Case, chance: Random) -> Generator[Quad, None, NamedNode]:
    """Yield what attests the parties of the agreement; return the passage cited."""
    start = chance.randrange(3500)
    passage = NamedNode(f"{case.source.value}#char={start},{start + 80}")
    node = _id("attestation", case.slug)
    yield _quad(node, "rdf:type", term("sam:Attestation"), case.graph)
    yield _quad(node, "sam:about", _id("agreement", case.slug), case.graph)
    yield _quad(node, "sam:attests", term("sam:hasParty"), case.graph)
    yield _quad(node, "sam:inPassage", passage, case.graph)
    yield _quad(passage, "rdf:type", term("oa:SpecificResource"), "evidence")
    yield _quad(passage, "oa:hasSource", case.source, "evidence")
    return passage


def _codings(case: _Case, passage: NamedNode, world: _World, chance: Random) -> Iterator[Quad]:
    where = f"coding/{case.slug}"
    for variable in CODED:
        node, name = _id("coding", f"{case.slug}-{variable}"), variable.upper()
        value = _favoured(world.values[variable], chance)
        confidence = _favoured(world.concepts["confidence"], chance)
        yield _quad(node, "rdf:type", term("sam:Coding"), where)
        yield from _texts(node, "rdfs:label", f"{name} van {case.nl}", f"{name}, {case.en}", where)
        yield _quad(node, "sam:codesCase", case.node, where)
        yield _quad(node, "sam:codesVariable", term(f"concept:codebook/{variable}"), where)
        yield _quad(node, "sam:hasCodedValue", value, where)
        yield from _texts(node, "sam:rationale", "Zo staat het er.", "So it says.", where)
        yield _quad(node, "sam:hasConfidence", confidence, where)
        yield _quad(node, "prov:wasAttributedTo", AGENT, where)
        yield _quad(node, "sam:inPassage", passage, where)


def _id(kind: str, name: str) -> NamedNode:
    return NamedNode(f"{PREFIXES['id']}{kind}/{name}")


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=term("xsd:date"))


def _quad(subject: NamedNode, predicate: str, value: Term, where: str) -> Quad:
    return Quad(subject, term(predicate), value, graph(where))


def _texts(subject: NamedNode, predicate: str, nl: str, en: str, where: str) -> Iterator[Quad]:
    """Yield a text in Dutch, and in English if there is any."""
    yield _quad(subject, predicate, Literal(nl, language="nl"), where)
    if en:
        yield _quad(subject, predicate, Literal(en, language="en"), where)


def _happens(share: float, chance: Random) -> bool:
    return chance.random() < share


def _favoured(among: Sequence[T], chance: Random) -> T:
    """Return one of some, the earlier the likelier: a tenth of them is chosen every other time."""
    return among[int(len(among) * chance.random() ** 3)]
