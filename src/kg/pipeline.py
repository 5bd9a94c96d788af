"""The pipeline: from the project's Turtle files to a build, in four stages."""

from collections.abc import Callable
from dataclasses import replace

from kg import (
    attestations,
    catalog,
    dataset,
    entailment,
    evidence,
    executables,
    library,
    seals,
    statistics,
    validation,
)
from kg.build import Build, publish
from kg.errors import DataError
from kg.findings import merge
from kg.settings import Settings, is_project

__all__ = ["STAGES", "build"]

STAGES = ("reading", "checking", "entailing", "writing")


def build(settings: Settings, announce: Callable[[str], object] = str) -> Build:
    """Read, check, entail and write the project's data, then switch ``current`` to it.

    The same input gives the same version. ``announce`` is told the stages as they begin. Raises
    ``DataError``, and then leaves everything as it was.
    """
    if not is_project(settings.project):
        raise DataError(
            f"{settings.project}: no ontology/, data/ and queries/ here; set KG_PROJECT"
        )
    announce("reading")
    data, asked = dataset.read(settings.project), library.read(settings.project / library.FOLDER)
    data = replace(data, files=(*data.files, *executables.files(asked)))
    data = attestations.name(data)
    sealed = seals.passages(settings.project)
    data = data.adding(attestations.describe(data, settings.sources, sealed))
    announce("checking")
    report = merge([validation.validate(data), evidence.check(data, settings.sources)])
    report.raise_if_faulty()
    announce("entailing")
    data = data.adding(entailment.entail(data))
    contradictions = entailment.contradictions(data)
    contradictions.raise_if_faulty()
    counts = statistics.read(settings.project)
    version = catalog.version(data, counts)
    data = data.adding(catalog.describe(data, version, counts))
    announce("writing")
    report = merge([report, contradictions])
    return publish(data, version, report, settings.build, settings.keep_builds, asked.questions)
