"""Settings: what a deployment may choose, by ``KG_*`` variables or flags; frozen once made."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings", "is_project"]


class Settings(BaseSettings):
    """All settings with their defaults; ``Settings(port=80)`` overrides the environment.

    Raises ``pydantic.ValidationError`` on a value that does not fit.
    """

    model_config = SettingsConfigDict(
        env_prefix="KG_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    project: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        default_factory=lambda: _default_project(),
        description="Folder that holds ontology/, data/ and queries/. "
        "Default: the working directory if it holds them, else the copy in the package.",
    )
    build: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        default=Path("build"), description="Folder of the builds."
    )
    keep_builds: int = Field(
        default=3,
        ge=1,
        description="How many builds to keep, the current one included; "
        "each can be cited as long as it is kept.",
    )
    sources: Path | None = Field(
        default=None,
        description="Folder of the source texts, <slug>.txt; "
        "without it, passages are not compared with their text.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one."
    )
    default_graph: Literal["union", "strict"] = Field(
        default="union",
        description="What a query without GRAPH or FROM sees: "
        "the union of all graphs, or the default graph alone.",
    )
    query_timeout: float = Field(
        default=30.0, gt=0, description="Seconds that one evaluation may take."
    )
    query_memory: int = Field(
        default=2**30, gt=0, description="Bytes that one evaluation may take beyond the store."
    )
    query_workers: int = Field(
        default_factory=lambda: max(2, os.cpu_count() or 1),
        ge=1,
        description="Queries evaluated at the same time.",
    )
    queue_size: int = Field(
        default=64, ge=0, description="Queries that may wait for a worker; more get 503."
    )
    queue_timeout: float = Field(
        default=10.0, gt=0, description="Seconds that a query may wait for a worker."
    )
    standing_queries: int = Field(
        default=8,
        ge=0,
        description="Long queries that may stand still, with their memory, while others run; "
        "beyond, one gets 503.",
    )
    reply_buffer: int = Field(
        default=4 * 2**20,
        ge=0,
        description="Bytes of an answer held back until it is complete; "
        "a longer answer is streamed and visibly broken off if it fails.",
    )
    request_body: int = Field(
        default=2**20, gt=0, description="Bytes that a request's body may hold."
    )
    request_timeout: float = Field(
        default=15.0, gt=0, description="Seconds that a request's fields may take, and its body."
    )
    stall_timeout: float = Field(
        default=30.0, gt=0, description="Seconds that a client may read nothing of its answer."
    )
    connections: int = Field(
        default=1000, ge=1, description="Connections that are open at the same time."
    )
    cache: int = Field(
        default=64 * 2**20, ge=0, description="Bytes of answers that are kept to be given again."
    )
    workers: int = Field(
        default=1, ge=1, description="Front processes that take requests and hand out answers."
    )
    access_log: Literal["json", "off"] = Field(
        default="json", description="One line of JSON for each request on standard output, or none."
    )
    service_allow: str = Field(
        default="",
        description="Endpoints that a query may name in SERVICE, as IRIs between spaces; "
        "none by default.",
    )
    memory_triples: int = Field(
        default=1_000_000,
        ge=0,
        description="Up to this many triples the store is held in memory, above it read from disk.",
    )


def is_project(folder: Path) -> bool:
    """Tell whether a folder holds what is built and served: ontology, data and queries."""
    return all((folder / part).is_dir() for part in ("ontology", "data", "queries"))


def _default_project() -> Path:
    package = Path(__file__).parent
    candidates = (Path.cwd(), package / "share", package.parents[1])
    return next(filter(is_project, candidates), package / "share")
