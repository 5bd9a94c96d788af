"""What the tests share: the project's own data, built once, and served by a real server."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store

from kg.build import Build
from kg.pipeline import build
from kg.settings import Settings
from serving import KG, ROOT, serving


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The project's data, built."""
    return build(Settings(project=ROOT, build=tmp_path_factory.mktemp("builds")))


@pytest.fixture(scope="session")
def store(built: Build) -> Store:
    """All graphs of the build, the inferred one included."""
    store = Store()
    store.bulk_load(path=built.nquads, format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="session")
def read() -> Callable[..., rdflib.Graph]:
    """Read every Turtle file of the project that matches one of some patterns into one graph."""

    def merged(*patterns: str) -> rdflib.Graph:
        graph = rdflib.Graph()
        for pattern in patterns:
            files = sorted(ROOT.glob(pattern))
            assert files, f"no file matches {pattern}"
            for file in files:
                graph.parse(file)
        return graph

    return merged


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's ontology, data and some of its queries, to be spoilt."""
    for folder in ("ontology", "data", "queries/agreements", "queries/void"):
        shutil.copytree(ROOT / folder, tmp_path / "project" / folder)
    return tmp_path / "project"


@pytest.fixture(scope="session")
def url(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service of the project's data."""
    settings = {"KG_BUILD": str(built.path.parent), "KG_PROJECT": str(ROOT)}
    with serving(KG, tmp_path_factory.mktemp("service"), settings) as address:
        yield address
