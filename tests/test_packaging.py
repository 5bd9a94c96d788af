"""The package: built from the checkout, installed in an empty environment, run elsewhere."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import ModuleType

import httpx
import pytest

import kg
from serving import CURL, ROOT, serving

LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-test.lock")
NOT_COPIED = (
    *(".git", ".venv", "build", "dist", "node_modules", "static", "registers", "__pycache__"),
    *(".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
)


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a fresh checkout holds, and a register that somebody imported."""
    tree = tmp_path_factory.mktemp("tree") / "samenhang"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*NOT_COPIED))
    (tree / "data" / "registers").mkdir()
    (tree / "data" / "registers" / "imported.ttl").write_text("# not ours to publish\n")
    return tree


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a stranger would."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", out, tree, cwd=out)
    (wheel,) = out.iterdir()
    return wheel


@pytest.fixture(scope="module")
def service(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of the installed wheel, in a folder and an environment that hold nothing else."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    programs = elsewhere / "venv" / "bin"
    venv.create(elsewhere / "venv", with_pip=True)
    install = (programs / "python", "-m", "pip", "install", "--disable-pip-version-check")
    run(*install, "--require-hashes", "--requirement", ROOT / "requirements.lock", cwd=elsewhere)
    run(*install, "--no-deps", "--no-index", wheel, cwd=elsewhere)
    run(programs / "python", "-m", "pip", "check", cwd=elsewhere)
    with serving(programs / "kg", elsewhere, {}) as url:
        yield url


def contents(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as files:
        return {name: files.read(name) for name in files.namelist()}


def test_the_wheel_holds_ontology_data_queries_and_assets(wheel: Path) -> None:
    files = contents(wheel)
    shared = {
        path.relative_to(ROOT).as_posix()
        for folder in ("ontology", "data", "queries")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "registers" not in path.parts
    }
    assert len(shared) > 5
    assert {name.removeprefix("kg/share/") for name in files if "/share/" in name} == shared
    assets = [name for name in files if "/static/" in name]
    assert {re.sub(r"-[A-Z0-9]{8}\.js$", "-*.js", name) for name in assets} == {
        "kg/static/app.js",
        "kg/static/chunk-*.js",
        "kg/static/code-*.js",
        "kg/static/favicon.svg",
        "kg/static/notices.txt",
        "kg/static/style.css",
    }
    assert len(assets) == 6
    assert all(files[f"kg/share/{name}"] == (ROOT / name).read_bytes() for name in shared)


def test_the_wheel_tells_version_and_licences(wheel: Path) -> None:
    files = contents(wheel)
    folder = f"samenhang-{kg.__version__}.dist-info"
    metadata = files[f"{folder}/METADATA"].decode()
    assert f"\nVersion: {kg.__version__}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0 AND CC-BY-4.0 AND EUPL-1.2 AND MIT\n" in metadata
    for licence in ("LICENSE", "LICENSE-DATA"):
        assert files[f"{folder}/licenses/{licence}"] == (ROOT / licence).read_bytes()


def test_the_source_distribution_builds_the_same_wheel(
    tree: Path, wheel: Path, tmp_path: Path
) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, tree, cwd=tmp_path)
    (source,) = tmp_path.glob("*.tar.gz")
    assert source.name == f"samenhang-{kg.__version__}.tar.gz"
    assert contents(tmp_path / wheel.name) == contents(wheel)


def test_the_installed_package_serves_the_page_with_its_script_and_style(
    service: str, wheel: Path
) -> None:
    page = httpx.get(f"{service}/")
    assert page.status_code == 200
    assert "Ede-West collaboration" in page.text
    files = contents(wheel)
    for name, media_type in (("app.js", "text/javascript"), ("style.css", "text/css")):
        (address,) = re.findall(rf'"(/static/{name}\?v=\w+)"', page.text)
        asset = httpx.get(f"{service}{address}")
        assert asset.headers["content-type"].startswith(media_type)
        assert asset.content == files[f"kg/static/{name}"]


def test_the_installed_package_answers_the_query_to_try(service: str) -> None:
    query = (ROOT / "queries" / "agreements" / "parties.rq").read_text()
    answer = httpx.post(f"{service}/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert len(answer.text.splitlines()) == 1 + 9


@CURL
def test_the_curl_line_of_the_page_counts_the_statements(service: str) -> None:
    page = httpx.get(f"{service}/").text
    (line,) = re.findall(r"<code>(curl .*?)</code>", page, re.DOTALL)
    count = httpx.get(f"{service}/health").json()["triples"]
    assert run("sh", "-c", f"{unescape(line)} --silent --fail", cwd=ROOT).split() == [
        "statements",
        str(count),
    ]


def test_a_build_without_the_npm_registry_names_the_remedy(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = shutil.copytree(tree / "web", tmp_path / "web", ignore=shutil.ignore_patterns("node_*"))
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:1")
    monkeypatch.setenv("NPM_CONFIG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NPM_CONFIG_FETCH_RETRIES", "0")
    with pytest.raises(RuntimeError, match="The build needs the npm registry: check the network"):
        hook().compile_assets(web, tmp_path / "static")
    assert not (tmp_path / "static").exists()


def test_a_front_end_that_does_not_compile_fails_the_build(tmp_path: Path) -> None:
    web = shutil.copytree(ROOT / "web", tmp_path / "web", symlinks=True)
    (web / "src" / "app.ts").write_text("const = 1;")
    with pytest.raises(RuntimeError, match=r"does not compile(.|\n)*Expected identifier but found"):
        hook().compile_assets(web, tmp_path / "static")


def test_the_locks_name_no_host_and_no_folder() -> None:
    for lock in LOCKS:
        text = (ROOT / lock).read_text()
        assert text.count("--hash=sha256:") > 100, lock
        assert not re.search(r"://|^-|(^|\s)[/.~]|@", text, re.MULTILINE), lock
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert len(packages) > 3
    assert not [name for name, package in packages.items() if "resolved" in package]


def test_the_locks_agree_and_hold_what_the_package_asks_for() -> None:
    runtime, build, test = map(_pins, LOCKS)
    assert runtime.items() <= build.items() <= test.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        re.split(r"\W", wish.replace("-", "_"))[0] for wish in project["project"]["dependencies"]
    }
    assert len(asked) > 10
    assert asked <= {name.replace("-", "_") for name in runtime}
    assert set(project["build-system"]["requires"]) <= set(project["dependency-groups"]["build"])


def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / lock).read_text(), re.MULTILINE))
