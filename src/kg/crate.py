"""The crate: what a build hands out, described as a research object, beside the files.

RO-Crate 1.2 (https://w3id.org/ro/crate/1.2).
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from kg import dumps
from kg.citation import AUTHOR
from kg.dumps import ReleaseFile
from kg.namespaces import AGENT, LICENSE
from kg.provenance import Provenance

__all__ = ["write"]

SPECIFICATION = "1.2"


def write(folder: Path, version: str, created: datetime, provenance: Provenance) -> None:
    """Write the description of a folder's files, as the build of a version made them.

    The same arguments and files give the same bytes.
    """
    crate = ROCrate(version=SPECIFICATION)
    author = _add(crate, AGENT, {"@type": "Organization", "name": AUTHOR})
    licence = {"@type": "CreativeWork", "name": "Creative Commons Attribution 4.0 International"}
    root = crate.root_dataset
    for name, value in {
        "name": provenance.titles["en"],
        "alternateName": provenance.titles["nl"],
        "description": "\n\n".join(provenance.descriptions[one] for one in ("en", "nl")),
        "inLanguage": ["en", "nl"],
        "version": version,
        "datePublished": created.isoformat(),
        "license": _add(crate, LICENSE, licence),
        "author": author,
        "publisher": author,
    }.items():
        root[name] = value
    files = [_file(crate, file) for file in dumps.files(folder)]
    action = crate.add_action(
        _tools(crate, provenance),
        provenance.build,
        object=_inputs(crate, provenance),
        result=files,
        properties={
            "name": f"kg build {version}",
            "agent": {"@id": AGENT},
            "endTime": created.isoformat(),
        },
    )
    root.append_to("mentions", action)
    crate.metadata.write(folder)


def _add(crate: ROCrate, iri: str, properties: dict[str, str]) -> ContextEntity:
    return crate.add(ContextEntity(crate, iri, properties))


def _file(crate: ROCrate, file: ReleaseFile) -> ContextEntity:
    properties = {
        "name": file.path,
        "encodingFormat": file.content_type.partition(";")[0],
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }
    return crate.add_file(dest_path=file.path, properties=properties)


def _inputs(crate: ROCrate, provenance: Provenance) -> Iterable[ContextEntity]:
    return [
        _add(
            crate,
            file.iri,
            {"@type": "CreativeWork", "name": file.path, "sha256": file.sha256},
        )
        for file in provenance.inputs
    ]


def _tools(crate: ROCrate, provenance: Provenance) -> Iterable[ContextEntity]:
    return [
        _add(
            crate,
            iri,
            {"@type": "SoftwareApplication", "name": name, "softwareVersion": name.split()[-1]},
        )
        for iri, name in provenance.tools.items()
    ]
