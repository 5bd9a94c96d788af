"""What ``deploy/`` ships, in front of a real service: nginx, the redirects of w3id.org, systemd."""

import csv
import io
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from pyoxigraph import NamedNode, Store

from confined import allowed, values
from kg.build import Build
from kg.namespaces import BASE
from serving import CURL, KG, ROOT, serving

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "samenhang.service"
HTACCESS = DEPLOY / "w3id" / "samenhang" / ".htaccess"
HOST = "samenhang.example.org"
PROGRAMS = os.pathsep.join([os.environ["PATH"], "/usr/sbin", str(ROOT / ".venv/nginx/usr/sbin")])
NGINX = shutil.which("nginx", path=PROGRAMS)
APACHE = shutil.which("apache2", path=PROGRAMS)
MODULES = Path("/usr/lib/apache2/modules")
OPENSSL, SYSTEMD = shutil.which("openssl"), shutil.which("systemd-analyze")
PATIENCE = 20  # seconds until a server that does not listen is given up

needs_nginx = pytest.mark.skipif(
    NGINX is None or OPENSSL is None,
    reason="needs nginx (https://nginx.org) and openssl; make test gets nginx where it may",
)
needs_apache = pytest.mark.skipif(
    APACHE is None,
    reason="needs apache2 (https://httpd.apache.org); make test gets it where it may",
)
needs_systemd = pytest.mark.skipif(
    SYSTEMD is None, reason="needs systemd-analyze (https://systemd.io)"
)

SPARQL = {"Content-Type": "application/sparql-query", "Accept": "application/problem+json"}
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 40000"  # longer than is held back
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
COUNTED = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


# nginx, configured by the file that is shipped.

MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
{user}
events {{ }}
http {{
    gzip on;  # as Debian's has it
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {folder}/samenhang.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """An nginx: its main file, where it listens, and the certificate that it shows."""

    configuration: Path
    plain: str
    secure: str
    certificate: Path

    def client(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=self.certificate)
        return httpx.Client(base_url=self.secure, verify=context, timeout=60)

    def curl(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run curl in silence, with a certificate that it trusts."""
        command = ["curl", "--silent", "--cacert", self.certificate, *arguments]
        return subprocess.run(command, capture_output=True, check=False)


@contextmanager
def proxied(url: str, folder: Path) -> Iterator[Proxy]:
    """Run nginx in front of a service, by the shipped file with places of this machine."""
    plain, secure = _free_ports()
    certificate, key = _certify(folder)
    places = {
        "127.0.0.1:8000;": f"{urlsplit(url).netloc};",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
        "/var/log/nginx/samenhang.log": f"{folder}/samenhang.log",
    }
    shipped = (DEPLOY / "nginx" / "samenhang.conf").read_text()
    for place, ours in places.items():
        assert shipped.count(place) == 1, place
        shipped = shipped.replace(place, ours)
    (folder / "samenhang.conf").write_text(shipped)
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(MAIN.format(folder=folder, user=user))
    proxy = Proxy(
        configuration, f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}", certificate
    )
    with _running([str(NGINX), "-p", str(folder), "-c", str(configuration)], secure):
        yield proxy


def _certify(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for the host and this machine, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-keyout", key, "-out", certificate),
            *("-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1"),
        ],
        capture_output=True,
        check=True,
    )
    return certificate, key


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    """Run a server that is told to stop at the end."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + PATIENCE
    try:
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise AssertionError(process.communicate()[0].decode())
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def proxy(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx in front of a service of the project's data."""
    with proxied(url, tmp_path_factory.mktemp("nginx")) as running:
        yield running


@pytest.fixture(scope="module")
def client(proxy: Proxy) -> Iterator[httpx.Client]:
    """A client of it."""
    with proxy.client() as client:
        yield client


@pytest.fixture(scope="module")
def hasty(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx in front of a service that stops queries after a second."""
    folder = tmp_path_factory.mktemp("hasty")
    settings = _settings(built) | {"KG_QUERY_TIMEOUT": "1", "KG_REPLY_BUFFER": "65536"}
    with serving(KG, folder, settings) as url, proxied(url, folder) as running:
        yield running


def _settings(built: Build) -> dict[str, str]:
    return {"KG_BUILD": str(built.path.parent), "KG_PROJECT": str(ROOT)}


@needs_nginx
def test_shipped_configuration_of_nginx_is_valid(proxy: Proxy) -> None:
    folder = proxy.configuration.parent
    checked = subprocess.run(
        [str(NGINX), "-t", "-p", folder, "-c", proxy.configuration],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "test is successful" in checked.stderr, checked.stderr


@needs_nginx
def test_unencrypted_requests_are_led_to_the_public_host(proxy: Proxy) -> None:
    answer = httpx.get(f"{proxy.plain}/sparql?query=ASK%20%7B%7D")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"https://{HOST}/sparql?query=ASK%20%7B%7D"


@needs_nginx
def test_a_page_comes_through_whole(client: httpx.Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "</html>" in answer.text
    assert "max-age" in answer.headers["strict-transport-security"]


@needs_nginx
@pytest.mark.parametrize("host", [HOST, "evil.example"])
def test_links_name_the_public_host_whatever_host_was_asked(
    client: httpx.Client, host: str
) -> None:
    accept = {"Accept": "text/turtle", "Host": host}
    answer = client.get("/sparql", headers=accept)
    assert f"https://{HOST}/sparql" in answer.text
    assert "127.0.0.1" not in answer.text
    assert "evil.example" not in answer.text


@needs_nginx
def test_a_thing_leads_to_its_document_on_the_public_host(client: httpx.Client) -> None:
    answer = client.get("/id/pilot/ede-west", headers={"Accept": "text/turtle"})
    assert answer.status_code == 303
    there = urljoin(f"https://{HOST}/id/pilot/ede-west", answer.headers["location"])
    assert there == f"https://{HOST}/doc/pilot/ede-west"


@needs_nginx
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_a_document_links_on_the_public_host(client: httpx.Client, accept: str) -> None:
    answer = client.get("/doc/pilot/ede-west", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(accept)
    assert f"https://{HOST}/doc/pilot/ede-west" in answer.headers["link"]
    assert "127.0.0.1" not in answer.headers["link"] + answer.text


@needs_nginx
@pytest.mark.parametrize("path", ["/sparql?query=ASK%20%7B%7D", "/doc/pilot/ede-west"])
def test_what_a_client_has_is_not_sent_again(client: httpx.Client, path: str) -> None:
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.headers["etag"] == tag
    assert not again.content


@needs_nginx
def test_part_of_a_download_is_sent_when_asked(client: httpx.Client, built: Build) -> None:
    part = {"Range": "bytes=10-99", "Accept-Encoding": "identity"}
    answer = client.get("/data/samenhang.nq", headers=part)
    assert answer.status_code == 206
    assert answer.content == built.nquads.read_bytes()[10:100]


@needs_nginx
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize("path", ["/", "/graphs?default"])
def test_the_service_compresses_and_not_the_proxy(
    client: httpx.Client, url: str, path: str, encoding: str
) -> None:
    fields = {"Accept-Encoding": encoding, "Accept": "*/*"}
    through = client.get(path, headers=fields)
    direct = httpx.get(url + path, headers=fields | {"Host": HOST, "X-Forwarded-Proto": "https"})
    assert through.headers.get("content-encoding") == direct.headers.get("content-encoding")
    assert through.headers.get("etag") == direct.headers.get("etag")
    assert len(through.content) == len(direct.content)


@needs_nginx
def test_a_long_answer_comes_through_whole(client: httpx.Client, url: str) -> None:
    query = {"query": PAIRS}
    direct, through = (
        asker.post("/sparql", data=query, headers={"Accept": "text/csv"})
        for asker in (httpx.Client(base_url=url, timeout=60), client)
    )
    assert len(through.content) > 4 * 2**20
    assert len(through.content) == len(direct.content)
    assert len(list(csv.reader(io.StringIO(through.text)))) == 40001


@needs_nginx
def test_a_long_answer_begins_long_before_it_ends(client: httpx.Client) -> None:
    began = time.monotonic()
    with client.stream("POST", "/sparql", data={"query": ENDLESS}) as answer:
        assert answer.status_code == 200
        assert next(answer.iter_bytes())
    assert time.monotonic() - began < 15  # of the 30 seconds that a query may take


@CURL
@needs_nginx
@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_an_answer_that_is_broken_off_is_an_error_for_the_client(
    hasty: Proxy, version: str, tmp_path: Path
) -> None:
    query = ("--data-urlencode", f"query={ENDLESS}", "--output", str(tmp_path / "part"))
    done = hasty.curl(version, "--write-out", "%{http_code}", *query, f"{hasty.secure}/sparql")
    assert done.stdout == b"200"
    assert (tmp_path / "part").stat().st_size > 65536
    assert done.returncode in {18, 92}  # a part, a stream that was not closed well (curl(1))


@CURL
@needs_nginx
def test_clients_that_cannot_tell_a_part_from_the_whole_are_refused(proxy: Proxy) -> None:
    done = proxy.curl("--http1.0", "--write-out", "%{http_code}", f"{proxy.secure}/health")
    assert done.stdout.endswith(b"505")


@needs_nginx
def test_a_client_that_leaves_frees_its_worker(client: httpx.Client, url: str) -> None:
    before = _cancelled(url)
    with pytest.raises(httpx.ReadTimeout):
        client.post("/sparql", data={"query": COUNTED}, timeout=0.5)
    deadline = time.monotonic() + 5
    while _cancelled(url) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _cancelled(url) == before + 1


def _cancelled(url: str) -> float:
    counted = re.search(
        r'^samenhang_queries_total\{outcome="cancelled"\} (.+)$',
        httpx.get(f"{url}/metrics").text,
        re.MULTILINE,
    )
    return float(counted[1]) if counted else 0


@CURL
@needs_nginx
@pytest.mark.parametrize(
    "path", ["/metrics", "/metrics?x", "/%6detrics", "//metrics", "/static/../metrics", "/metrics/"]
)
def test_metrics_are_not_for_strangers(proxy: Proxy, url: str, path: str) -> None:
    assert "samenhang_requests_total" in httpx.get(f"{url}/metrics").text
    answer = proxy.curl("--path-as-is", "--write-out", "%{http_code}", f"{proxy.secure}{path}")
    assert answer.stdout[-3:] in {b"307", b"403", b"404"}
    assert b"samenhang_requests_total" not in answer.stdout


@needs_nginx
def test_what_is_too_much_is_refused_by_the_service_in_its_words(client: httpx.Client) -> None:
    address = client.get("/?" + "x" * (33 * 1024))
    field = client.get("/", headers={"X-Long": "x" * (33 * 1024)})
    assert [answer.status_code for answer in (address, field)] == [414, 431]
    assert [answer.json()["status"] for answer in (address, field)] == [414, 431]


@needs_nginx
def test_what_is_far_too_much_is_refused_by_the_proxy(client: httpx.Client) -> None:
    body = client.post("/sparql", content=b"#" * (2**20 + 1), headers=SPARQL)
    address = client.get("/?" + "x" * (60 * 1024))
    assert [answer.status_code for answer in (body, address)] == [413, 414]
    assert "nginx" in body.text


@needs_nginx
@pytest.mark.parametrize(
    ("media_type", "status"), [("application/sparql-query", 200), ("text/plain", 415)]
)
def test_a_body_that_may_be_as_long_as_it_is_gets_an_answer(
    client: httpx.Client, media_type: str, status: int
) -> None:
    body = b"ASK {} #" + b"#" * (2**20 - 8)
    answer = client.post("/sparql", content=body, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert answer.json().get("boolean", answer.json().get("status")) in {True, status}


@needs_nginx
def test_nobody_takes_all_connections(hasty: Proxy) -> None:
    context = ssl.create_default_context(cafile=hasty.certificate)
    address = ("127.0.0.1", int(hasty.secure.rpartition(":")[2]))
    begun = b"POST /sparql HTTP/1.1\r\nHost: %s\r\nContent-Length: 9\r\n\r\n" % HOST.encode()
    with ExitStack() as held, hasty.client() as client:
        for _ in range(50):
            plain = held.enter_context(socket.create_connection(address))
            held.enter_context(context.wrap_socket(plain, server_hostname=HOST)).sendall(begun)
        assert client.get("/health").status_code == 429
    with hasty.client() as client:
        _await_health(client)


def _await_health(client: httpx.Client) -> None:
    deadline = time.monotonic() + PATIENCE
    while client.get("/health").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


# w3id.org, which runs Apache, with the folder that is to be submitted to it.

W3ID = """
ServerName w3id.org
ServerRoot {folder}
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/log
DocumentRoot {folder}/root
{modules}
{user}
<Directory {folder}/root>
    AllowOverride All
    Require all granted
</Directory>
"""


@pytest.fixture(scope="module")
def w3id() -> Iterator[str]:
    """An Apache that serves the shipped folder; its address."""
    port, _ = _free_ports()
    with tempfile.TemporaryDirectory(prefix="w3id-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # Apache's processes are not ours if we are root
        shutil.copytree(DEPLOY / "w3id", folder / "root")
        modules = "\n".join(
            f"LoadModule {module}_module {MODULES}/mod_{module}.so"
            for module in ("mpm_event", "authz_core", "dir", "headers", "rewrite")
        )
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        (folder / "apache.conf").write_text(
            W3ID.format(folder=folder, port=port, modules=modules, user=user)
        )
        with _running([str(APACHE), "-X", "-f", str(folder / "apache.conf")], port):
            yield f"http://127.0.0.1:{port}/samenhang/"


def _kinds(store: Store) -> Mapping[str, str]:
    """Return an IRI of each kind that the graph describes."""
    return {
        _kind(quad.subject.value): quad.subject.value
        for quad in sorted(store, key=str, reverse=True)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE)
    }


def _kind(iri: str) -> str:
    """Return what decides how an IRI is served, such as ``id/pilot`` or ``ontology#``.

    >>> _kind("https://w3id.org/samenhang/id/pilot/ede-west")
    'id/pilot'
    """
    path, mark, _ = iri.removeprefix(BASE).partition("#")
    return "/".join(path.split("/")[: 2 if path.startswith("id/") else 1]) + mark


@needs_apache
def test_every_kind_of_iri_leads_to_what_is_served(w3id: str, store: Store, url: str) -> None:
    kinds = _kinds(store)
    assert {"id/pilot", "concept", "graph", "ontology", "ontology#", "source", "source#"} <= set(
        kinds
    )
    lost = {}
    for kind, iri in kinds.items():
        asked = iri.partition("#")[0].removeprefix(BASE)
        moved = httpx.get(w3id + asked)
        assert moved.status_code == 302, iri
        assert moved.headers["location"] == f"https://{HOST}/{asked}"
        served = httpx.get(f"{url}/{asked}", follow_redirects=True)
        if served.status_code != 200:
            lost[kind] = f"{iri}: {served.status_code}"
    assert not lost


@needs_apache
@pytest.mark.parametrize(
    "path",
    [
        "",
        "id/pilot/ede-west.ttl",
        "nl/doc/pilot/ede-west",
        "data/samenhang.nq.gz",
        "ontology/1.0.0",
        "context.jsonld",
        "search?q=de%20zorg&x=%2F",
        "sparql?query=ASK%20%7B%7D",
    ],
)
def test_redirects_keep_path_suffix_and_query(w3id: str, path: str) -> None:
    moved = httpx.get(w3id + path)
    assert moved.status_code == 302
    assert moved.headers["location"] == f"https://{HOST}/{path}"
    assert moved.headers["access-control-allow-origin"] == "*"


@needs_apache
@pytest.mark.parametrize("path", ["/evil.example/", "@evil.example", ".evil.example", "%0D%0AX:y"])
def test_redirects_lead_to_no_other_host(w3id: str, path: str) -> None:
    moved = httpx.get(w3id + path)
    assert urlsplit(moved.headers.get("location", f"https://{HOST}")).hostname == HOST
    assert "x" not in moved.headers


def test_the_host_is_filled_in_at_one_place() -> None:
    rules = [line for line in HTACCESS.read_text().splitlines() if not line.startswith("#")]
    assert "\n".join(rules).count(HOST) == 1


# systemd, which need not run to look at a unit.


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The shipped unit, with a program that is there."""
    text = UNIT.read_text()
    assert text.count("/opt/samenhang/bin/kg") == 2
    installed = tmp_path / UNIT.name
    installed.write_text(text.replace("/opt/samenhang/bin/kg", str(KG)))
    return installed


def _analyze(*arguments: str | Path) -> str:
    done = subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@needs_systemd
def test_systemd_understands_the_unit(unit: Path) -> None:
    assert _analyze("verify", unit) == ""


@needs_systemd
def test_the_unit_is_hardly_exposed(unit: Path) -> None:
    told = _analyze("security", "--offline=true", unit)
    exposure = re.search(r"Overall exposure level for .*: ([0-9.]+)", told)
    assert exposure
    assert float(exposure[1]) <= 1.5  # of 10; 1.2 by systemd 252


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``kg`` with the system calls that the unit allows, and no others."""
    program = tmp_path_factory.mktemp("confined") / "kg"
    launcher = ROOT / "tests" / "confined.py"
    program.write_text(
        f'#!/bin/sh\nexec "{KG.with_name("python")}" "{launcher}" "{UNIT}" "{KG}" "$@"\n'
    )
    program.chmod(0o755)
    return program


@needs_systemd
@pytest.mark.parametrize(
    "attempt",
    [
        "import os; os.chroot('/')",
        "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)",
    ],
    ids=["privileged", "executable"],
)
def test_what_the_unit_forbids_fails(attempt: str) -> None:
    python = KG.with_name("python")
    done = subprocess.run(
        [python, ROOT / "tests" / "confined.py", UNIT, python, "-c", attempt],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "PermissionError" in done.stderr


@needs_systemd
def test_the_service_builds_with_the_system_calls_of_the_unit(
    confined: Path, built: Build, tmp_path: Path
) -> None:
    done = subprocess.run(
        [confined, "build", "--out", tmp_path],
        env=os.environ | {"KG_PROJECT": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert Build.open(tmp_path / "current").version == built.version


@needs_systemd
def test_the_service_runs_with_the_system_calls_of_the_unit(
    confined: Path, built: Build, tmp_path: Path
) -> None:
    assert "mount" not in allowed(UNIT)
    settings = _settings(built) | {"KG_QUERY_TIMEOUT": "1"}
    with serving(confined, tmp_path, settings) as url, httpx.Client(base_url=url) as client:
        assert "</html>" in client.get("/").text
        late = client.post("/sparql", data={"query": COUNTED})
        assert late.status_code == 504  # whose worker was killed, and another forked
        answer = client.post("/sparql", data={"query": "ASK {}"})
        assert answer.json()["boolean"] is True


def test_a_stop_reaches_the_service_before_its_workers() -> None:
    assert values(UNIT, "KillMode") == ["mixed"]
    assert values(UNIT, "OOMPolicy") == ["continue"]
