"""The versions of the dataset, asked of an application: pages, data, citations, past and files."""

import gzip
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import rdflib
from fastapi.testclient import TestClient

from kg import build as builds
from kg import releases
from kg.app import Application
from kg.build import Build
from kg.deployment import Deployment
from kg.engine.fake import FakeEngine
from kg.gathering import gather
from kg.metrics import Metrics
from kg.settings import Settings

BASE = "https://kg.example"
OLD, GONE, NEVER = "0123456789ab", "ba9876543210", "ffffffffffff"
OLD_TIME = datetime(2026, 3, 1, 12, tzinfo=UTC)
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
DATASET = rdflib.URIRef("https://w3id.org/samenhang/id/dataset/samenhang")


@pytest.fixture(scope="module")
def served(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A build that is served, beside one that is kept and what is left of a third."""
    folder = tmp_path_factory.mktemp("builds")
    new = folder / built.version
    shutil.copytree(built.path, new)
    shutil.copytree(built.dumps, folder / OLD / "dumps")
    manifest = replace(Build.open(new), version=OLD, created=OLD_TIME)
    (folder / OLD / builds.MANIFEST).write_text(manifest_of(manifest))
    (folder / builds.WITHDRAWN).write_text(f"{GONE} 2025-01-01T00:00:00+00:00\n")
    (folder / builds.CURRENT).symlink_to(built.version)
    return Build.open(new)


def manifest_of(build: Build) -> str:
    return (
        f'{{"version": "{build.version}", "triples": {build.triples}, "checked": {{}}, '
        f'"skipped": [], "created": "{build.created.isoformat()}"}}'
    )


def application(build: Build) -> TestClient:
    """A client of the routes of versions and of the files, on one build."""
    app = Application(Settings(), Deployment(build, lambda _: FakeEngine({})), Metrics())
    return TestClient(app, base_url=BASE, follow_redirects=False)


@pytest.fixture(scope="module")
def client(served: Build) -> Iterator[TestClient]:
    with application(served) as client:
        yield client


def get(client: TestClient, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return client.get(path, headers={"Accept-Encoding": "identity", **(headers or {})})


def links(answer: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"])
    return {rel: url for url, rel in found}


@pytest.fixture(params=["served", "kept"])
def place(request: pytest.FixtureRequest) -> str:
    return {"served": "/data", "kept": f"/data/{OLD}"}[request.param]


FILES = {
    "samenhang.nq": "application/n-quads",
    "samenhang.trig": "application/trig",
    "samenhang.nq.gz": "application/gzip",
    "graph/case/ede-west.ttl": "text/turtle; charset=utf-8",
    "graph/case/ede-west.ttl.gz": "application/gzip",
    "SHA256SUMS": "text/plain; charset=utf-8",
    "ro-crate-metadata.json": "application/ld+json",
}


@pytest.mark.parametrize(("name", "content_type"), FILES.items(), ids=FILES)
def test_a_file_is_sent_as_it_lies_on_the_disk(
    name: str, content_type: str, place: str, client: TestClient, served: Build
) -> None:
    answer = get(client, f"{place}/{name}")
    content = (served.dumps / name).read_bytes()
    assert answer.content == content
    assert answer.headers["content-type"] == content_type
    assert answer.headers["content-length"] == str(len(content))
    assert "content-encoding" not in answer.headers
    assert "content-disposition" not in answer.headers
    assert answer.headers["access-control-allow-origin"] == "*"
    assert hashlib.sha256(content).hexdigest().startswith(answer.headers["etag"].strip('"'))


def test_every_file_of_the_list_is_there(client: TestClient) -> None:
    listed = get(client, "/data/SHA256SUMS").text.splitlines()
    for digest, _, path in (line.partition("  ") for line in listed):
        assert hashlib.sha256(get(client, f"/data/{path}").content).hexdigest() == digest
    assert len(listed) > 30


def test_the_head_of_a_file_has_no_body(client: TestClient, served: Build) -> None:
    answer = client.head("/data/samenhang.nq", headers={"Accept-Encoding": "identity"})
    assert answer.content == b""
    assert answer.headers["content-length"] == str(served.nquads.stat().st_size)


def test_a_file_of_a_version_may_be_kept_for_ever_and_a_current_one_is_asked_for(
    client: TestClient,
) -> None:
    fixed, current = get(client, f"/data/{OLD}/samenhang.nq"), get(client, "/data/samenhang.nq")
    assert fixed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert current.headers["cache-control"] == "public, no-cache"
    assert fixed.headers["last-modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"


def test_a_file_of_a_version_is_a_memento_of_the_current_one(
    client: TestClient, served: Build
) -> None:
    fixed, current = get(client, f"/data/{OLD}/samenhang.nq"), get(client, "/data/samenhang.nq")
    assert fixed.headers["memento-datetime"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert links(fixed) == {
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "cite-as": f"{BASE}/data/{OLD}",
        "collection": f"{BASE}/data/{OLD}",
        "original": f"{BASE}/data/samenhang.nq",
    }
    assert "memento-datetime" not in current.headers
    assert links(current)["memento"] == f"{BASE}/data/{served.version}/samenhang.nq"
    assert links(current)["collection"] == f"{BASE}/data"


def test_who_takes_gzip_gets_the_compressed_copy_under_its_own_tag(
    client: TestClient, served: Build
) -> None:
    packed = client.get("/data/samenhang.trig", headers={"Accept-Encoding": "gzip"})
    plain = get(client, "/data/samenhang.trig")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == "application/trig"
    assert packed.content == plain.content
    size = (served.dumps / "samenhang.trig.gz").stat().st_size
    assert int(packed.headers["content-length"]) == size < len(plain.content) / 5
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_what_is_compressed_is_not_compressed_again(client: TestClient) -> None:
    answer = client.get("/data/samenhang.nq.gz", headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in answer.headers
    assert gzip.decompress(answer.content) == get(client, "/data/samenhang.nq").content


RANGES = {
    "bytes=0-9": (0, 10),
    "bytes=100-": (100, None),
    "bytes=-7": (-7, None),
    "bytes=5-5": (5, 6),
}


@pytest.mark.parametrize(("field", "part"), RANGES.items(), ids=RANGES)
def test_a_part_is_one_of_the_file_as_it_is(
    field: str, part: tuple[int, int | None], place: str, client: TestClient, served: Build
) -> None:
    answer = client.get(
        f"{place}/samenhang.trig", headers={"Range": field, "Accept-Encoding": "gzip"}
    )
    content = (served.dumps / "samenhang.trig").read_bytes()
    expected = content[slice(*part)]
    start = content.index(expected) if part[0] == 0 else part[0] % len(content)
    assert answer.status_code == 206
    assert answer.content == expected
    assert "content-encoding" not in answer.headers
    span = f"bytes {start}-{start + len(expected) - 1}/{len(content)}"
    assert answer.headers["content-range"] == span


def test_several_parts_come_as_one_message(client: TestClient, served: Build) -> None:
    answer = get(client, "/data/samenhang.nq", {"Range": "bytes=0-3,10-13"})
    content = served.nquads.read_bytes()
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert content[:4] in answer.content
    assert answer.content.count(b"Content-Type: application/n-quads") == 2


def test_a_part_beyond_the_end_answers_416_with_the_size(client: TestClient, served: Build) -> None:
    size = served.nquads.stat().st_size
    answer = get(client, "/data/samenhang.nq", {"Range": f"bytes={size}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("field", ["lines=0-9", "bytes", "bytes=a-b", "bytes=0-9;q=1", "bytes=٣-٤"])
def test_a_range_that_is_none_is_ignored(field: str, client: TestClient, served: Build) -> None:
    answer = client.get(
        "/data/samenhang.nq",
        headers=[(b"range", field.encode()), (b"accept-encoding", b"identity")],
    )
    assert answer.status_code == 200
    assert answer.content == served.nquads.read_bytes()


def test_a_part_is_only_sent_of_the_file_that_the_client_has(
    client: TestClient, served: Build
) -> None:
    tag = get(client, "/data/samenhang.nq").headers["etag"]
    packed = client.get("/data/samenhang.nq", headers={"Accept-Encoding": "gzip"}).headers["etag"]
    part = {"Range": "bytes=0-9"}
    assert get(client, "/data/samenhang.nq", part | {"If-Range": tag}).status_code == 206
    for other in (packed, '"other"', f"W/{tag}", "Sun, 06 Nov 1994 08:49:37 GMT"):
        answer = get(client, "/data/samenhang.nq", part | {"If-Range": other})
        assert answer.status_code == 200
        assert answer.content == served.nquads.read_bytes()


def test_who_has_a_file_is_told_so(place: str, client: TestClient) -> None:
    first = get(client, f"{place}/samenhang.nq")
    for field in (
        {"If-None-Match": first.headers["etag"]},
        {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        answer = get(client, f"{place}/samenhang.nq", field)
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer.headers["etag"] == first.headers["etag"]
        assert answer.headers["cache-control"] == first.headers["cache-control"]
        assert "content-length" not in answer.headers


@pytest.mark.parametrize(
    "field",
    [
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"},
        {"If-Modified-Since": "soon"},
        {"If-Modified-Since": "Fri, 31 Dec 99999999999 23:59:59 GMT"},
    ],
    ids=lambda field: " ".join(field.values()),
)
def test_who_has_another_file_gets_this_one(field: dict[str, str], client: TestClient) -> None:
    answer = get(client, "/data/samenhang.nq", field)
    assert answer.status_code == 200
    assert answer.content


@pytest.mark.parametrize(
    "path",
    [
        "/data/graph/../../build.json",
        "/data/graph/%2e%2e/%2e%2e/build.json",
        "/data/graph/..%2f..%2fbuild.json",
        "/data/graph//etc/passwd",
        "/data/graph/case",
        "/data/graph/case/",
        "/data/samenhang.rdf",
        "/data/samenhang.nq/",
        f"/data/{NEVER}/samenhang.nq",
        f"/data/{NEVER}",
        "/data/current/samenhang.nq",
        "/data/current",
        f"/data/{OLD}/../../{OLD}/build.json",
        f"/data/{OLD}/build.json",
        "/data/build.json",
        "/data/citation.docx",
        f"/data/{NEVER}/citation.bib",
    ],
)
def test_nothing_but_the_files_can_be_fetched(path: str, client: TestClient) -> None:
    answer = client.send(httpx.Request("GET", f"{BASE}{path}"))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert '"triples"' not in answer.text


def test_a_link_is_not_followed(served: Build, tmp_path: Path) -> None:
    folder = tmp_path / "builds"
    shutil.copytree(served.path, folder / served.version)
    dumps = folder / served.version / "dumps"
    (dumps / "graph" / "secret.ttl").symlink_to(folder / served.version / builds.MANIFEST)
    (dumps / "graph" / "way").symlink_to(folder)
    with application(Build.open(folder / served.version)) as client:
        for path in ("graph/secret.ttl", f"graph/way/{served.version}/{builds.MANIFEST}"):
            assert get(client, f"/data/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", [f"/data/{GONE}", f"/nl/data/{GONE}", f"/data/{GONE}/samenhang.nq"]
)
def test_a_version_that_is_no_longer_kept_answers_410(path: str, client: TestClient) -> None:
    answer = get(client, path)
    assert answer.status_code == 410
    assert answer.json()["title"] == "Gone"
    assert "/data/timemap" in answer.json()["detail"]


def test_other_methods_than_those_of_reading_answer_405(client: TestClient) -> None:
    answer = client.post("/data/samenhang.nq")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_page_elsewhere_may_ask_for_files(client: TestClient) -> None:
    answer = client.options("/data/samenhang.nq", headers={"Origin": "https://other.example"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-headers"] == "*"
    assert "GET" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("prefix", "heading"), [("", "version"), ("/nl", "versie")], ids=["en", "nl"]
)
def test_a_version_has_a_page_in_both_languages(
    prefix: str, heading: str, client: TestClient, served: Build
) -> None:
    page = get(client, f"{prefix}/data/{OLD}", {"Accept": "text/html"})
    assert page.status_code == 200
    assert f"Samenhang, {heading} {OLD}" in page.text
    assert f'href="{prefix}/data/{served.version}" rel="latest-version"' in page.text
    assert f'href="/data/{OLD}/samenhang.nq.gz"' in page.text
    assert f'href="/data/{OLD}/citation.bib"' in page.text
    assert f"{BASE}/data/{OLD}</pre>" in page.text
    assert "data/cases/ede-west.ttl" in page.text
    assert page.headers["memento-datetime"] == "Sun, 01 Mar 2026 12:00:00 GMT"


def test_the_page_of_the_served_version_says_so(client: TestClient, served: Build) -> None:
    page = get(client, f"/data/{served.version}", {"Accept": "text/html"})
    assert "This service uses this version now." in page.text
    assert "latest-version" not in page.text


def test_a_version_is_described_in_rdf_with_its_files(client: TestClient, served: Build) -> None:
    answer = get(client, f"/data/{OLD}", {"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    version = rdflib.URIRef(f"{BASE}/data/{OLD}")
    assert graph.value(version, DCAT.isVersionOf) == DATASET
    assert graph.value(version, DCAT.version) == rdflib.Literal(OLD)
    assert graph.value(version, rdflib.DCTERMS.issued).toPython() == OLD_TIME
    files = {one.path: one for one in releases.files(served)}
    described = set(graph.objects(version, DCAT.distribution))
    assert described == {
        rdflib.URIRef(f"{version}/{path}") for path in files if path not in FILES or "." in path
    } - {rdflib.URIRef(f"{version}/ro-crate-metadata.json")}
    packed = rdflib.URIRef(f"{version}/samenhang.nq.gz")
    assert graph.value(packed, DCAT.byteSize).toPython() == files["samenhang.nq.gz"].size
    checksum = graph.value(packed, SPDX.checksum)
    value = graph.value(checksum, SPDX.checksumValue)
    assert str(value) == files["samenhang.nq.gz"].sha256
    assert str(graph.value(packed, DCAT.compressFormat)).endswith("/application/gzip")
    assert str(graph.value(packed, DCAT.mediaType)).endswith("/application/n-quads")


def test_a_suffix_fixes_the_format_of_a_version(client: TestClient) -> None:
    answer = get(client, f"/data/{OLD}.nt", {"Accept": "text/html"})
    assert answer.headers["content-type"] == "application/n-triples"
    assert f"<{BASE}/data/{OLD}>" in answer.text


def test_a_version_leads_to_its_past_and_future(client: TestClient, served: Build) -> None:
    found = links(get(client, f"/data/{OLD}", {"Accept": "text/turtle"}))
    assert found["original"] == f"{BASE}/data"
    assert found["timegate"] == f"{BASE}/data/timegate"
    assert found["timemap"] == f"{BASE}/data/timemap"
    assert found["first memento"] == f"{BASE}/data/{OLD}"
    assert found["last memento"] == f"{BASE}/data/{served.version}"
    assert found["cite-as"] == f"{BASE}/data/{OLD}"


def test_a_version_leads_to_its_files_and_to_the_crate(client: TestClient) -> None:
    header = get(client, f"/data/{OLD}", {"Accept": "text/html"}).headers["link"]
    for name in ("samenhang.nq", "samenhang.trig.gz", "SHA256SUMS"):
        media_type = FILES.get(name, "application/gzip").partition(";")[0]
        assert f'<{BASE}/data/{OLD}/{name}>; rel="item"; type="{media_type}"' in header
    crate = f"<{BASE}/data/{OLD}/ro-crate-metadata.json>"
    assert f'{crate}; rel="describedby"; type="application/ld+json"' in header
    assert "/graph/" not in header


CITED = {
    "bib": ("application/x-bibtex; charset=utf-8", "url = {{{url}}}"),
    "json": ("application/vnd.citationstyles.csl+json", '"URL": "{url}"'),
    "txt": ("text/plain; charset=utf-8", "[Data set]. {url}\n"),
}


@pytest.mark.parametrize("form", CITED)
def test_a_citation_names_the_address_of_the_version(
    form: str, client: TestClient, served: Build
) -> None:
    content_type, expected = CITED[form]
    for path, version in {f"/data/{OLD}": OLD, "/data": served.version}.items():
        answer = get(client, f"{path}/citation.{form}")
        assert answer.headers["content-type"] == content_type
        assert expected.format(url=f"{BASE}/data/{version}") in answer.text
        assert ("memento-datetime" in answer.headers) == (version == OLD)


def test_the_time_map_lists_the_versions_that_are_kept(client: TestClient, served: Build) -> None:
    answer = get(client, "/data/timemap")
    assert answer.headers["content-type"] == "application/link-format"
    made = served.created.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert answer.text.splitlines() == [
        f'<{BASE}/data>; rel="original",',
        f'<{BASE}/data/timegate>; rel="timegate",',
        f'<{BASE}/data/timemap>; rel="self"; type="application/link-format"; '
        f'from="Sun, 01 Mar 2026 12:00:00 GMT"; until="{made}",',
        f'<{BASE}/data/{OLD}>; rel="first memento"; datetime="Sun, 01 Mar 2026 12:00:00 GMT",',
        f'<{BASE}/data/{served.version}>; rel="last memento"; datetime="{made}"',
    ]


def test_the_time_gate_leads_to_the_version_of_that_time(client: TestClient, served: Build) -> None:
    for time, version in {
        OLD_TIME - timedelta(days=900): OLD,
        OLD_TIME: OLD,
        served.created - timedelta(seconds=1): OLD,
        served.created: served.version,
        served.created + timedelta(days=900): served.version,
    }.items():
        wanted = time.strftime("%a, %d %b %Y %H:%M:%S GMT")
        answer = get(client, "/data/timegate", {"Accept-Datetime": wanted})
        assert answer.status_code == 302
        assert answer.headers["location"] == f"{BASE}/data/{version}"
        assert answer.headers["vary"] == "accept-datetime"
        assert links(answer)["original"] == f"{BASE}/data"
        assert "memento-datetime" not in answer.headers


def test_the_time_gate_leads_to_the_served_version_if_no_time_is_asked_for(
    client: TestClient, served: Build
) -> None:
    answer = get(client, "/data/timegate")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{BASE}/data/{served.version}"


@pytest.mark.parametrize(
    "field", ["yesterday", "2026-03-01T12:00:00Z", "Sun, 01 Mar 99999 12:00:00 GMT"]
)
def test_a_time_that_is_none_answers_400(field: str, client: TestClient) -> None:
    answer = get(client, "/data/timegate", {"Accept-Datetime": field})
    assert answer.status_code == 400
    assert "Accept-Datetime" in answer.json()["detail"]


def test_other_files_that_are_served_have_a_page_and_no_citation(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text("<urn:a> <urn:b> 1, 2 .")
    build = gather([tmp_path / "one.ttl"], tmp_path / "build", union=True, on_disk_above=10)
    with application(build) as client:
        page = get(client, f"/data/{build.version}", {"Accept": "text/html"})
        assert page.status_code == 200
        assert "samenhang.nq" in page.text
        assert "citation.bib" not in page.text
        assert get(client, "/data/samenhang.nq").content == build.nquads.read_bytes()
        packed = client.get("/data/samenhang.nq", headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in packed.headers
        assert get(client, "/data/samenhang.trig").status_code == 404
        assert get(client, "/data/citation.bib").status_code == 404
        assert build.version in get(client, "/data/timemap").text
        described = get(client, f"/data/{build.version}", {"Accept": "application/n-triples"})
        assert str(DATASET) not in described.text


def test_a_build_is_not_pruned_while_a_file_of_it_is_sent(
    served: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    plain = releases.files

    def files(build: Build) -> tuple[releases.ReleaseFile, ...]:
        held.append(builds._is_held(build.path))
        return plain(build)

    monkeypatch.setattr("kg.routes.files.files", files)
    with application(served) as client:
        assert get(client, f"/data/{OLD}/samenhang.nq").status_code == 200
    assert held == [True]
    assert not builds._is_held(served.path.parent / OLD)
