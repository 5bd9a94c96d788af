"""Seals: digests of what was compared with its source, so that a later change shows.

``data/seals/<slug>.sha256`` has, for a case, its coding and its source document, a line for each
passage cited and one for each subject: the SHA-256 of the passage's characters, or of what a graph
says of the subject and of the passages that attest it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kg.dataset import Dataset
from kg.errors import DataError
from kg.findings import Finding, Report
from kg.namespaces import BASE, GRAPH, graph, slug, term
from kg.passages import Passage, digest, documents

__all__ = ["check", "passages", "slugs", "write"]

FOLDER = "data/seals"
SEALED = ("case/", "coding/")
SOURCES = graph("sources")
ABOUT, IN_PASSAGE = term("sam:about"), term("sam:inPassage")

Digests = dict[str, str]


def slugs(dataset: Dataset) -> list[str]:
    """Return the slugs of the cases and codings of a dataset."""
    return sorted({slug(one.graph.value) for one in dataset.in_graphs(*SEALED)})


def write(dataset: Dataset, sources: Path, project: Path, chosen: Collection[str]) -> list[Path]:
    """Seal some cases, by slug, and return the files written.

    Raises ``DataError`` if the text of a passage is not at hand; then nothing is written.
    """
    current = _digests(dataset, sources)
    for case in chosen:
        if without := [name for name, value in current.get(case, {}).items() if not value]:
            raise DataError(f"{without[0]}: the text of this passage is not in {sources}.")
    written = []
    for case in chosen:
        path = _path(project, case)
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (f"{value}  {name}\n" for name, value in sorted(current.get(case, {}).items()))
        path.write_text("".join(lines), "utf-8")
        written.append(path)
    return written


def check(dataset: Dataset, sources: Path | None, project: Path) -> Report:
    """Return what has changed since it was sealed; counts passages and subjects compared."""
    current = _digests(dataset, sources)
    sealed = {path.stem for path in (project / FOLDER).glob("*.sha256")}
    return Report(
        findings=tuple(
            finding
            for case in sorted(current.keys() | sealed)
            for finding in _changes(dataset, case, current.get(case, {}), _read(project, case))
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


def _path(project: Path, case: str) -> Path:
    return project / FOLDER / f"{case}.sha256"


def _read(project: Path, case: str) -> Digests:
    path = _path(project, case)
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {name: value for value, _, name in (line.partition("  ") for line in lines)}


def _digests(dataset: Dataset, sources: Path | None) -> dict[str, Digests]:
    """Return what there is to seal, by slug and name; an empty digest where a text is absent."""
    described = documents(dataset, sources)
    statements = dataset.in_graphs(*SEALED, SOURCES.value.removeprefix(GRAPH))
    about = {one.subject: one.object for one in statements if one.predicate == ABOUT}
    lines: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    found: dict[str, Digests] = {case: {} for case in slugs(dataset)}
    for one in statements:
        owner = about.get(one.subject, one.subject)
        case = slug((owner if one.graph == SOURCES else one.graph).value)
        if case in found:
            name = f"{one.graph.value.removeprefix(GRAPH)} {owner.value.removeprefix(BASE)}"
            lines[case, name].append(f"{one.subject} {one.predicate} {one.object}")
            if one.predicate == IN_PASSAGE and (passage := Passage.parse(one.object.value)):
                document = described.get(passage.document)
                text = document.read(passage) if document else None
                found[case][passage.iri.removeprefix(BASE)] = "" if text is None else digest([text])
    for (case, name), said in lines.items():
        found[case][name] = digest(said)
    return found


def _changes(
    dataset: Dataset, case: str, current: Digests, sealed: Mapping[str, str]
) -> Iterator[Finding]:
    remedy = f"compare with the source, then run kg seal {case}"
    own = (file.path for file in dataset.files if slug(file.graph.value) == case)
    place = next(own, f"{FOLDER}/{case}.sha256")
    if not current:
        yield Finding(place, case, "has a seal, and is in the data no more", "delete the seal")
        return
    if not sealed:
        yield Finding(place, case, "is not sealed", remedy)
        return
    for name in sorted(current.keys() | sealed.keys()):
        graph_name, _, subject = name.partition(" ")
        where = dataset.path(graph(graph_name)) if subject else place
        focus = f"{BASE}{subject or name}"
        if name not in sealed:
            yield Finding(where, focus, "is not under the seal", remedy)
        elif name not in current:
            yield Finding(where, focus, "is under the seal, and in the data no more", remedy)
        elif current[name] and current[name] != sealed[name]:
            yield Finding(where, focus, "has changed since it was sealed", remedy)
