"""Seals: digests of what was compared with its source, so that a later change shows.

``data/seals/<slug>.sha256`` has, for a case and its coding, a line for each passage cited and one
for each subject: the SHA-256 of the passage's characters, or of what a graph says of the subject
and of the passages that attest it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kg.dataset import Dataset
from kg.errors import DataError
from kg.findings import Finding, Report
from kg.namespaces import BASE, GRAPH, graph, term
from kg.passages import Passage, digest, documents

__all__ = ["check", "passages", "slugs", "write"]

FOLDER = "data/seals"
SEALED = ("case/", "coding/")
ABOUT, IN_PASSAGE = term("sam:about"), term("sam:inPassage")

Digests = dict[str, str]


def slugs(dataset: Dataset) -> list[str]:
    """Return the slugs of the cases and codings of a dataset."""
    return sorted({one.graph.value.rsplit("/", 1)[-1] for one in dataset.in_graphs(*SEALED)})


def write(dataset: Dataset, sources: Path, project: Path, chosen: Collection[str]) -> list[Path]:
    """Seal some cases, by slug, and return the files written.

    Raises ``DataError`` if the text of a passage is not at hand; then nothing is written.
    """
    current = _digests(dataset, sources)
    for slug in chosen:
        if without := [name for name, value in current.get(slug, {}).items() if not value]:
            raise DataError(f"{without[0]}: the text of this passage is not in {sources}.")
    written = []
    for slug in chosen:
        path = _path(project, slug)
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (f"{value}  {name}\n" for name, value in sorted(current.get(slug, {}).items()))
        path.write_text("".join(lines), "utf-8")
        written.append(path)
    return written


def check(dataset: Dataset, sources: Path | None, project: Path) -> Report:
    """Return what has changed since it was sealed; counts passages and subjects compared."""
    current = _digests(dataset, sources)
    return Report(
        findings=tuple(
            finding
            for slug, digests in current.items()
            for finding in _changes(dataset, slug, digests, _read(project, slug))
        ),
        checked={"seals": sum(map(len, current.values()))},
    )


def passages(project: Path) -> Digests:
    """Return the sealed digests of passages by IRI."""
    return {
        f"{BASE}{name}": value
        for path in sorted((project / FOLDER).glob("*.sha256"))
        for name, value in _read(project, path.stem).items()
        if Passage.parse(name)
    }


def _path(project: Path, slug: str) -> Path:
    return project / FOLDER / f"{slug}.sha256"


def _read(project: Path, slug: str) -> Digests:
    path = _path(project, slug)
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {name: value for value, _, name in (line.partition("  ") for line in lines)}


def _digests(dataset: Dataset, sources: Path | None) -> dict[str, Digests]:
    """Return what there is to seal, by slug and name; an empty digest where a text is absent."""
    described = documents(dataset, sources)
    lines: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    found: defaultdict[str, Digests] = defaultdict(dict)
    statements = dataset.in_graphs(*SEALED)
    about = {one.subject: one.object for one in statements if one.predicate == ABOUT}
    for one in statements:
        slug = one.graph.value.rsplit("/", 1)[-1]
        owner = about.get(one.subject, one.subject).value
        name = f"{one.graph.value.removeprefix(GRAPH)} {owner.removeprefix(BASE)}"
        lines[slug, name].append(f"{one.subject} {one.predicate} {one.object}")
        if one.predicate == IN_PASSAGE and (passage := Passage.parse(one.object.value)):
            document = described.get(passage.document)
            text = document.read(passage) if document else None
            found[slug][passage.iri.removeprefix(BASE)] = "" if text is None else digest([text])
    for (slug, name), said in lines.items():
        found[slug][name] = digest(said)
    return dict(sorted(found.items()))


def _changes(
    dataset: Dataset, slug: str, current: Digests, sealed: Mapping[str, str]
) -> Iterator[Finding]:
    remedy = f"compare with the source, then run kg seal {slug}"
    place = next(file.path for file in dataset.files if file.graph.value.endswith(f"/{slug}"))
    if not sealed:
        yield Finding(place, slug, "is not sealed", remedy)
        return
    for name in sorted(current.keys() | sealed.keys()):
        graph_name, _, subject = name.partition(" ")
        own = dataset.path(graph(graph_name)) if subject else place
        focus = f"{BASE}{subject or name}"
        if name not in sealed:
            yield Finding(own, focus, "is not under the seal", remedy)
        elif name not in current:
            yield Finding(own, focus, "is under the seal, and in the data no more", remedy)
        elif current[name] and current[name] != sealed[name]:
            yield Finding(own, focus, "has changed since it was sealed", remedy)
