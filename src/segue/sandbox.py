"""Takes from a process what its work does not need. There is no way back, and none is wanted.

For the children that open files nobody trusts, and for those that run an engine.
"""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass

# From <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the kernel is to hold a process to. None leaves a limit as it is."""

    output_bytes_max: int
    """Of each file that it writes."""
    memory_bytes_max: int | None = None
    """Of address space, libraries and all (RLIMIT_AS)."""
    cpu_s_max: int | None = None
    files_max: int | None = None
    """Open at once."""


def die_with(parent_pid: int) -> None:
    """Ties this process to its parent: a killed parent cannot clean up, and this one must not outlive it."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent_pid:  # it was gone before the tie was made
        os._exit(1)


def confine(bounds: Bounds) -> None:
    """Sets the limits of the kernel: a second past the CPU limit is SIGKILL, a write past the size limit is EFBIG."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _limit(resource.RLIMIT_AS, bounds.memory_bytes_max)
    _limit(resource.RLIMIT_CPU, bounds.cpu_s_max, 1)
    _limit(resource.RLIMIT_FSIZE, bounds.output_bytes_max)
    _limit(resource.RLIMIT_NOFILE, bounds.files_max)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(name: int, soft: int | None, grace: int = 0) -> None:
    if soft is not None:
        resource.setrlimit(name, (soft, soft + grace))
