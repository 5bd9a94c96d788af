"""``/data/<file>`` and ``/data/<version>/<file>``: what a build hands out, sent from the disk.

A plain ASGI application, so that nothing compresses again what is compressed, or counts on the
whole of it. Parts: https://www.rfc-editor.org/rfc/rfc9110#section-14
"""

import asyncio
import re
from contextlib import ExitStack

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from kg.build import Build
from kg.deployment import Deployment
from kg.dumps import GZIP, ReleaseFile
from kg.errors import MethodNotAllowed, RequestError, ResourceGone, ResourceNotFound
from kg.namespaces import LICENSE
from kg.negotiation import encoding
from kg.releases import REMEDY, VERSION, files, require
from kg.routes.conditional import http_date, is_known
from kg.routes.documents import METHODS, Link
from kg.routes.problems import Problems
from kg.routes.views import Views

__all__ = ["Files"]

PATH = re.compile(
    rf"/data/(?:(?P<version>{VERSION})/)?"
    r"(?P<file>samenhang\..+|graph/.+|SHA256SUMS|ro-crate-metadata\.json)"
)
# What asks for no part that can be made out is answered as if it asked for none (14.2).
RANGE = re.compile(r"bytes=\s*(\d+-\d*|-\d+)(\s*,\s*(\d+-\d*|-\d+))*\s*", re.ASCII)
FOREVER = "public, max-age=31536000, immutable"


class Files:
    """Sends the files of the build that is served, and of those that are kept."""

    def __init__(self, deployment: Deployment, views: Views) -> None:
        self._deployment, self._problems = deployment, Problems(views)

    def serves(self, path: str) -> bool:
        """Tell whether a path is one of a file, be it there or not."""
        return PATH.fullmatch(path) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request to a path that this serves."""
        request = Request(_understood(scope))
        with ExitStack() as lease:
            try:
                response = await self._response(request, lease)
            except RequestError as error:
                response = await self._problems(request, error)
            await response(request.scope, receive, send)

    async def _response(self, request: Request, lease: ExitStack) -> Response:
        if request.method not in METHODS:
            raise MethodNotAllowed(request.method, METHODS)
        return await asyncio.to_thread(self._found, request, lease)

    def _found(self, request: Request, lease: ExitStack) -> Response:
        """Return the answer with a file, whose build is kept until the lease ends."""
        version, name = _parts(request)
        served = self._deployment.build
        build = require(served, version) if version else served
        try:
            lease.enter_context(build.held())
        except OSError:  # it was pruned a moment ago
            raise ResourceGone(f"version {build.version}", REMEDY) from None
        offered = {file.path: file for file in files(build)}
        plain = offered.get(name)
        if plain is None:
            raise ResourceNotFound(request.scope["path"])
        packed = None if plain.encoding else offered.get(plain.path + GZIP)
        file = packed if packed and _is_packed_liked(request.headers) else plain
        headers = _headers(request, build, file)
        if packed:
            headers["Vary"] = "Accept-Encoding"
        if file is not plain:
            headers |= {"Content-Encoding": "gzip", "Content-Type": plain.content_type}
        if is_known(request.headers, headers["ETag"], build.created):
            del headers["Content-Length"], headers["Content-Type"]
            return Response(status_code=304, headers=headers)
        path = build.dumps / file.path
        return FileResponse(path, headers=headers, stat_result=path.stat())


def _parts(request: Request) -> tuple[str, str]:
    """Return the version that a path names, empty for the one that is served, and the file."""
    match = PATH.fullmatch(request.scope["path"])
    if match is None:
        raise ResourceNotFound(request.scope["path"])
    return match["version"] or "", match["file"]


def _headers(request: Request, build: Build, file: ReleaseFile) -> dict[str, str]:
    version, name = _parts(request)
    base = f"{request.base_url}data"
    own = f"{base}/{build.version}"
    links = [
        Link("license", LICENSE),
        Link("cite-as", own),
        Link("collection", own if version else base),
    ]
    headers = {
        "Content-Type": file.content_type,
        "Content-Length": str(file.size),
        "ETag": f'"{file.sha256[:32]}"',
        "Last-Modified": http_date(build.created),
        "Accept-Ranges": "bytes",
        "Cache-Control": FOREVER if version else "public, no-cache",
    }
    if version:
        links.append(Link("original", f"{base}/{name}"))
        headers["Memento-Datetime"] = http_date(build.created)
    else:
        made = {"datetime": http_date(build.created)}
        links.append(Link("memento", f"{own}/{name}", made))
    return headers | {"Link": ", ".join(map(str, links))}


def _is_packed_liked(headers: Headers) -> bool:
    """Tell whether to send the compressed copy; parts are those of the file as it is."""
    return "range" not in headers and bool(encoding(headers.get("accept-encoding"), ["gzip"]))


def _understood(scope: Scope) -> Scope:
    """Return a request without a field Range that is to be ignored."""
    fields = [
        (name, value)
        for name, value in scope["headers"]
        if name != b"range" or RANGE.fullmatch(value.decode("latin-1"))
    ]
    return {**scope, "headers": fields}
