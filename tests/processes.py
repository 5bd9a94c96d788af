"""Processes of a service, some of which may end while they are looked at."""

import psutil

__all__ = ["children", "command", "descendants", "memory", "processor", "runs"]


def children(pid: int) -> list[int]:
    """Return the processes that a process has begun: none if it has ended."""
    return _below(pid, recursive=False)


def descendants(pid: int) -> list[int]:
    """Return all processes below a process: none if it has ended."""
    return _below(pid, recursive=True)


def _below(pid: int, *, recursive: bool) -> list[int]:
    try:
        return [child.pid for child in psutil.Process(pid).children(recursive)]
    except psutil.NoSuchProcess:
        return []


def command(pid: int) -> list[str]:
    """Return the words of the command of a process: none if it has ended."""
    try:
        return psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return []


def runs(pid: int) -> bool:
    """Tell whether a process runs: a dead one that nobody has buried does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def processor(pid: int) -> float:
    """Return the seconds of a processor that a process has spent: 0 if it has ended."""
    try:
        spent = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return 0
    return spent.user + spent.system


def memory(pid: int) -> int:
    """Return a process's share of the memory in bytes: 0 if it has ended."""
    try:
        return psutil.Process(pid).memory_full_info().pss
    except psutil.NoSuchProcess:
        return 0
