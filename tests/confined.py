"""A program under the system call filter of a systemd unit, where no systemd runs.

https://www.freedesktop.org/software/systemd/man/systemd.exec.html#System%20Call%20Filtering
"""

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # <seccomp.h>
_SET_MDWE, _REFUSE_EXEC_GAIN = 65, 1  # <linux/prctl.h>, since Linux 6.3


def values(unit: Path, name: str) -> list[str]:
    """Return the values of a directive, in order."""
    return [
        value
        for line in unit.read_text().splitlines()
        for key, _, value in [line.partition("=")]
        if key == name
    ]


def allowed(unit: Path) -> set[str]:
    """Return the names of the system calls that a unit may use."""
    groups = _groups()
    names: set[str] = set()
    for value in values(unit, "SystemCallFilter"):
        expanded = {name for word in value.lstrip("~").split() for name in _expand(word, groups)}
        names = names - expanded if value.startswith("~") else names | expanded
    return names


def _groups() -> Mapping[str, list[str]]:
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    groups: dict[str, list[str]] = {}
    for line in listed.splitlines():
        name = line.strip()
        if line.startswith("@"):
            groups[name] = members = []
        elif groups and line.startswith(" ") and not name.startswith("#"):
            members.append(name)
    return groups


def _expand(name: str, groups: Mapping[str, list[str]]) -> Iterator[str]:
    if name in groups:
        for member in groups[name]:
            yield from _expand(member, groups)
    else:
        yield name


def _confine(names: set[str]) -> None:
    """Refuse all other system calls, and memory that is first written and then executed."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_rule_add.argtypes = [
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint)
    ]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    rules = library.seccomp_init(_REFUSE)
    for name in sorted(names):
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # else it is none of this machine's
            library.seccomp_rule_add(rules, _ALLOW, number, 0)
    ctypes.CDLL(None).prctl(_SET_MDWE, _REFUSE_EXEC_GAIN, 0, 0, 0)
    assert library.seccomp_load(rules) == 0


if __name__ == "__main__":
    _confine(allowed(Path(sys.argv[1])))
    os.execv(sys.argv[2], sys.argv[2:])
