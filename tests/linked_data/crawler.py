"""The crawl: everything that links and IRIs lead to in a served copy, in every format."""

import asyncio
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag, urljoin
from zlib import crc32

import httpx
from pyoxigraph import RdfFormat, parse

from linked_data.knowledge import BASE, Knowledge, Said, grounded, triples
from linked_data.pages import Page, read

HTML = "text/html"
FORMATS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "trig": ("application/trig", RdfFormat.TRIG),
    "nq": ("application/n-quads", RdfFormat.N_QUADS),
    "n3": ("text/n3", RdfFormat.N3),
}
SUFFIX = re.compile(rf"\.({'|'.join([*FORMATS, 'html'])})$")
# Without sniffio, httpcore would look for it on the disk at every turn.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

AT_ONCE = 8  # requests under way
MANY = 10_000  # of a kind with more things, each is read in one language and in some formats
FEW = 2  # these formats, besides N-Quads
PATIENCE = 60.0  # seconds for an answer

# What is no document about something: it is fetched as linked, and must be there.
OTHER = re.compile(
    r"/(static/|sparql\b|graphs\b|openapi|health|metrics|sitemap|robots|context\b|api/)"
    r"|/queries/.*\.rq$"
)
ENDPOINTS = ["/graphs"]  # that answer nothing unless they are asked something
DUMP = re.compile(r"/data/.*(?:\.(?:gz|nq|trig|ttl|json|bib|txt)|SHA256SUMS)$")
DOCUMENT = re.compile(r"/(?:doc|concept|source|graph|ontology|queries|shapes|data)(?:/|$)")
IRI = re.compile(r"https?://[^\s<>\"']+")
PREFIXED = re.compile(r"[a-z0-9]+:[A-Za-z][\w./-]*")
WHOLE = {"ontology", "shapes"}  # documents that hold the graph of their name


@dataclass
class Crawl:
    """What a crawl found: ``faults`` by kind, one a line, and how much was visited."""

    url: str
    knowledge: Knowledge
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    visits: Counter[str] = field(default_factory=Counter)
    pages: dict[str, Page] = field(default_factory=dict)

    async def run(self) -> None:
        """Follow all links from the front pages, and all of our IRIs in the graph."""
        self._iris = self.knowledge.iris
        seeds = ["/", "/nl/", *map(self._local, sorted(self._iris))]
        limits = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(
            base_url=self.url, timeout=PATIENCE, limits=limits
        ) as self._client:
            self._context = (await self._client.get("/context.jsonld")).json()
            self._seen: set[str] = set()
            self._queue: asyncio.Queue[str] = asyncio.Queue()
            self._seen.update(ENDPOINTS)
            self._sizes = Counter(map(_group, {urldefrag(seed).url for seed in seeds}))
            for seed in seeds:
                self._add(seed)
            workers = [asyncio.create_task(self._work()) for _ in range(AT_ONCE)]
            await self._queue.join()
            for worker in workers:
                worker.cancel()
        self._check_fragments()

    def fault(self, kind: str, text: str) -> None:
        """Note that something is not as it must be."""
        self.faults[kind].append(text)

    def _local(self, iri: str) -> str:
        """Return where the redirection of our IRIs leads to here."""
        return "/" + iri.removeprefix(BASE)

    def _add(self, link: str) -> None:
        """Put a path with its query into the queue, unless it was there."""
        path = urldefrag(link).url
        if path not in self._seen:
            self._seen.add(path)
            self._queue.put_nowait(path)

    async def _work(self) -> None:
        while True:
            path = await self._queue.get()
            try:
                await self._visit(path)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is of this path
                self.fault("broken", f"{path}: {error!r}")
            finally:
                self._queue.task_done()

    async def _visit(self, path: str) -> None:
        if path.startswith("/id/"):
            await self._step(path)
        elif OTHER.match(path) or DUMP.match(path):
            await self._fetch(path, is_body_wanted=not DUMP.match(path))
        else:
            await self._see(path)

    async def _see(self, path: str) -> None:
        """Read a page, in the language that falls to it, and the data of the same document."""
        is_document = DOCUMENT.match(path) and "?" not in path
        if is_document and self._is_spared(path):
            self._add(f"/nl{path}")
        elif response := await self._fetch(path, HTML):
            self._read(str(response.url).removeprefix(self.url), response.text)
            is_document = is_document and not response.history
        if is_document:
            await self._compare(path)

    async def _step(self, path: str) -> None:
        """Go from a thing to the document about it."""
        response = await self._ask("GET", path, "*/*")
        self.visits["thing"] += 1
        if response.status_code == 303:
            self._add(response.headers["location"])
        else:
            self.fault("status", f"{response.status_code} {path}")

    async def _fetch(
        self, path: str, accept: str = "*/*", *, is_body_wanted: bool = True
    ) -> httpx.Response | None:
        """Return a good answer, redirections within this host followed; else note the fault."""
        method = "GET" if is_body_wanted else "HEAD"
        for _ in range(5):
            response = await self._ask(method, path, accept)
            where = response.headers.get("location")
            if not response.is_redirect or not where:
                break
            if not urljoin(f"{self.url}/", where).startswith(f"{self.url}/"):
                self.fault("astray", f"{path} leads to {where}")
                return None
            path = urljoin(self.url + path, where).removeprefix(self.url)
        if not response.is_success:
            self.fault("status", f"{response.status_code} {path} for {accept}")
            return None
        said = response.headers.get("content-type", "").partition(";")[0]
        if accept != "*/*" and said != accept:
            self.fault("media type", f"{path}: {said} for {accept}")
            return None
        return response

    async def _ask(self, method: str, address: str, accept: str) -> httpx.Response:
        """Put a request, and once more if the connection was closed meanwhile (RFC 9112, 9.3.1)."""
        self.visits[accept] += 1
        try:
            return await self._client.request(method, address, headers={"Accept": accept})
        except (httpx.ReadError, httpx.RemoteProtocolError):
            return await self._client.request(method, address, headers={"Accept": accept})

    # What pages hold.

    def _read(self, shown: str, html: str) -> None:
        page = self.pages[shown] = read(html)
        for kind, wrong in _wrong(shown, page):
            self.fault(kind, f"{shown}: {wrong}")
        for address in page.resources:
            self._load(shown, address)
        for anchor in page.anchors:
            self._follow(shown, anchor.href)
        for name in self._bare(page):
            self.fault("bare name", f"{shown}: {name}")

    def _load(self, shown: str, address: str) -> None:
        whole = self._whole(shown, address)
        if whole.startswith(f"{self.url}/"):
            self._add(whole.removeprefix(self.url))
        else:
            self.fault("foreign resource", f"{shown}: {address}")

    def _whole(self, shown: str, href: str) -> str:
        """Return an address in full; most are paths, for which that is fast."""
        is_path = href.startswith("/") and not href.startswith("//")
        return self.url + href if is_path else urljoin(self.url + shown, href)

    def _follow(self, shown: str, href: str) -> None:
        whole = self._whole(shown, href)
        if not whole.startswith(f"{self.url}/"):
            return
        path = whole.removeprefix(self.url).partition("#")[0]
        plain, _, query = path.partition("?")
        if query.startswith("char="):
            path = plain  # the same page, with a passage marked
        if SUFFIX.search(plain) and not self._is_whole(plain):
            path = SUFFIX.sub("", plain)  # a view of a document, compared with the others
        if not self._is_spared(path):
            self._add(path)

    def _is_whole(self, path: str) -> bool:
        """Whether what looks like the suffix of a format is part of a name."""
        return bool(DUMP.match(path) or OTHER.match(path)) or self._iri(path) in self._iris

    def _is_spared(self, path: str) -> bool:
        """Whether a page is read in the other language, as one of very many of its kind."""
        neutral = path.removeprefix("/nl") if path.startswith("/nl/") else path
        return self._is_one_of_many(neutral) and _lot(neutral, 2) == path.startswith("/nl/")

    def _is_one_of_many(self, path: str) -> bool:
        return self._sizes[_group(path.replace("/doc/", "/id/", 1))] > MANY

    def _bare(self, page: Page) -> Iterator[str]:
        """Name what stands on a page by its IRI though it has a label."""
        labels = self.knowledge.labels
        for anchor in page.anchors:
            if anchor.is_name and (iri := self._iri(anchor.href)) in labels:
                yield f"{anchor.text} for {iri}"
        for text in page.texts:
            for match in IRI.findall(text):
                if match.rstrip(".,;)") in labels and text not in self.knowledge.literals:
                    yield match
            if PREFIXED.fullmatch(text) and self._expanded(text) in labels:
                yield text

    def _iri(self, href: str) -> str:
        if not href.startswith("/"):
            return href
        path = href.removeprefix("/nl") if href.startswith("/nl/") else href
        return BASE + re.sub("^/doc/", "/id/", path)[1:]

    def _expanded(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        namespace = self._context["@context"].get(prefix, "")
        return f"{namespace}{local}" if isinstance(namespace, str) else ""

    def _check_fragments(self) -> None:
        """Note the links to a part of a page that it does not have."""
        for shown, page in self.pages.items():
            for anchor in page.anchors:
                whole, _, fragment = self._whole(shown, anchor.href).partition("#")
                path = whole.removeprefix(self.url)
                target = self.pages.get(path) or self.pages.get(path.partition("?")[0])
                if fragment and target and not fragment.startswith("query="):
                    self.visits["fragment"] += 1
                    if unquote(fragment) not in target.ids:
                        self.fault("fragment", f"{shown}: {anchor.href}")
        for iri in self._iris:
            whole, fragment = urldefrag(iri)
            shown = re.sub("^/id/", "/doc/", self._local(whole))
            page = self.pages.get(shown) or self.pages.get(f"/nl{shown}")
            if fragment and (not page or unquote(fragment) not in page.ids):
                self.fault("fragment of an IRI", iri)

    # What data say.

    async def _compare(self, shown: str) -> None:
        """Hold the views of a document against each other and against the graph."""
        iri = BASE + re.sub("^/doc/", "/id/", shown)[1:]
        response = await self._view(shown, "nq")
        said = self._parsed(response, "nq") if response else None
        if response is None or said is None:
            return
        views = {suffix: await self._said(shown, suffix) for suffix in self._formats(shown)}
        self.visits["document"] += 1
        for suffix, view in views.items():
            if view is not None and triples(view) != triples(said):
                self.fault("unlike", f"{shown}.{suffix} is not what {shown}.nq is")
        if views.get("trig") is not None and views["trig"] != said:
            self.fault("unlike", f"{shown}.trig has other graphs than {shown}.nq")
        async for more in self._rest(response):
            said |= more
        extra = said - self.knowledge.said if not shown.startswith("/data") else set()
        missing = self._due(iri) - said
        for kind, some in (("invented", extra), ("left out", missing)):
            for one in sorted(some, key=str)[:3]:
                self.fault(kind, f"{shown}: {' '.join(map(str, one))} ({len(some)} such)")

    def _due(self, iri: str) -> set[Said]:
        """Return what the document about a thing must say at least, on all of its pages."""
        knowledge, path = self.knowledge, iri.removeprefix(BASE)
        if path.startswith("graph/"):
            return knowledge.graph(iri)
        if path in WHOLE:
            return knowledge.graph(f"{BASE}graph/{path}")
        own = knowledge.of(iri)
        if path.startswith("source/"):
            own = own | knowledge.below(f"{iri}#char=")
        if path.startswith("concept/"):
            own = own | knowledge.below(f"{iri}/")
        if path.startswith("id/") or path.count("/") == 2:
            own = own | knowledge.into(iri)
        return own

    def _formats(self, shown: str) -> list[str]:
        """Return the formats in which to look at a document besides N-Quads."""
        others = sorted(FORMATS.keys() - {"nq"})
        if self._is_one_of_many(shown):
            start = _lot(shown, len(others))
            others = [*others, *others][start : start + FEW]
        return others

    async def _view(self, shown: str, suffix: str) -> httpx.Response | None:
        """Fetch a view of a document: by its suffix, or from the thing by Accept."""
        if _lot(shown + suffix, 2):
            return await self._fetch(f"{shown}.{suffix}")
        thing = re.sub("^/doc/(?=.*/)", "/id/", shown)
        return await self._fetch(thing, FORMATS[suffix][0])

    async def _said(self, shown: str, suffix: str) -> set[Said] | None:
        response = await self._view(shown, suffix)
        return self._parsed(response, suffix) if response else None

    def _parsed(self, response: httpx.Response, suffix: str) -> set[Said] | None:
        content, syntax = response.content, FORMATS[suffix][1]
        if suffix == "jsonld":
            document = response.json()
            if document.get("@context") != f"{self.url}/context.jsonld":
                self.fault("context", f"{response.url}: {document.get('@context')}")
            content = json.dumps(document | self._context).encode()
        try:
            return grounded(parse(content, syntax))
        except (SyntaxError, ValueError) as error:
            self.fault("syntax", f"{response.url}: {error}")
            return None

    async def _rest(self, response: httpx.Response) -> AsyncIterator[set[Said]]:
        """Yield what the further pages of a view say."""
        following = response.links.get("next")
        while following:
            response = await self._ask("GET", following["url"], FORMATS["nq"][0])
            self.visits["further page"] += 1
            yield self._parsed(response, "nq") or set()
            following = response.links.get("next")


def _group(path: str) -> str:
    """Return what kind of document a path leads to."""
    parts = path.split("/")
    return "/".join(parts[:3]) if parts[1:2] == ["id"] else "/".join(parts[:2])


def _lot(text: str, number: int) -> int:
    """Draw one of some numbers from 0, the same one for the same text."""
    return crc32(text.encode()) % number


def _wrong(shown: str, page: Page) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a page on its own: the kind of fault, and the fault."""
    language = "nl" if shown.startswith("/nl/") else "en"
    if page.language != language:
        yield "language", f"lang is {page.language}"
    if len(page.headings) != 1 or not page.headings[0].strip():
        yield "heading", f"{len(page.headings)} first headings: {page.headings}"
    if not page.title.strip():
        yield "title", "no title"
    if page.has_inline_code:
        yield "inline code", "a script, a style or a handler"
    repeated = sorted(one for one, number in Counter(page.ids).items() if number > 1)
    if repeated:
        yield "repeated id", ", ".join(repeated[:3])
    empty = [anchor.href for anchor in page.anchors if not anchor.text.strip()]
    if empty:
        yield "empty link", ", ".join(empty[:3])
    for block in page.data:
        json.loads(block)
