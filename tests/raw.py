"""Requests byte by byte, and the replies that come on the same connection."""

import socket
from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO


@dataclass
class Reply:
    """A reply with a length, as it came."""

    status: int
    fields: dict[str, str]
    body: bytes


def exchange(
    url: str, requests: bytes, count: int, *, without_body: Collection[int] = ()
) -> list[Reply]:
    """Send bytes and return so many replies; those to HEAD are told by their place."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as client:
        client.sendall(requests)
        with client.makefile("rb") as stream:
            return [_reply(stream, has_body=at not in without_body) for at in range(count)]


def _reply(stream: BinaryIO, *, has_body: bool) -> Reply:
    status = int(stream.readline().split()[1])
    fields = {}
    while line := stream.readline().decode().strip():
        name, _, value = line.partition(": ")
        fields[name] = value
    fields.pop("date", None)
    length = int(fields.get("content-length", 0)) if has_body else 0
    return Reply(status, fields, stream.read(length))
