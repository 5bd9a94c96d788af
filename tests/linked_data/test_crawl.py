"""What links and IRIs of ours lead to, in every format: it is there, right, and told in words."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from pyoxigraph import Store

from kg.build import Build
from linked_data.crawler import FORMATS, HTML, Crawl
from linked_data.knowledge import Knowledge
from serving import KG, ROOT, serving

VERSION = re.compile(r"/\d+\.\d+\.\d+$")
FAULTS = [
    *("status", "broken", "astray", "media type", "syntax", "context"),
    *("unlike", "invented", "left out"),
    *("language", "heading", "title", "inline code", "repeated id", "empty link"),
    *("bare name", "foreign resource", "fragment", "fragment of an IRI"),
]


@pytest.fixture(scope="module")
def crawl(built: Build, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    """A crawl of the project's data, served by as many processes as fit two cores."""
    settings = {
        "KG_BUILD": str(built.path.parent),
        "KG_PROJECT": str(ROOT),
        "KG_WORKERS": "2",
        "KG_ACCESS_LOG": "off",
    }
    with serving(KG, tmp_path_factory.mktemp("crawl"), settings) as url:
        crawl = Crawl(url, Knowledge(store))
        asyncio.run(crawl.run())
        yield crawl


@pytest.mark.parametrize("kind", FAULTS)
def test_a_crawl_finds_no_fault(crawl: Crawl, kind: str) -> None:
    faults = crawl.faults.get(kind, [])
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults[:20])


def test_every_kind_of_fault_is_asserted(crawl: Crawl) -> None:
    assert set(crawl.faults) <= set(FAULTS)


def test_the_crawl_went_everywhere(crawl: Crawl) -> None:
    documents = {iri.partition("#")[0] for iri in crawl.knowledge.iris}
    assert len(documents) > 1500
    assert crawl.visits["document"] > len(documents) - 30  # files and services are no documents
    assert crawl.visits[HTML] > len(documents)
    for media_type, _ in FORMATS.values():
        assert crawl.visits[media_type] > len(documents) / 3
    assert crawl.visits["further page"] > 0
    assert crawl.visits["fragment"] > 1000
    languages = [page.language for page in crawl.pages.values()]
    assert min(languages.count(language) for language in ("en", "nl")) > 800


def test_pages_with_the_same_title_are_of_things_with_the_same_name(crawl: Crawl) -> None:
    titled: dict[tuple[str, str], set[str]] = defaultdict(set)
    whole = {path: page for path, page in crawl.pages.items() if "?" not in path}
    for path, page in whole.items():
        titled[page.language, page.title].add(VERSION.sub("", path.rstrip("/")))
    for (_, title), paths in titled.items():
        assert len(paths) == 1 or all(map(_is_about_a_thing, paths)), (title, sorted(paths)[:3])
    assert len(titled) > 0.8 * len(whole)


def _is_about_a_thing(path: str) -> bool:
    return any(kind in path for kind in ("/doc/", "/concept/", "/source/"))
