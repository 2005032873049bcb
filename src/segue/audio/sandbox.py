"""Takes from this process everything that reading one file does not need. There is no way back, and none is wanted."""

import ctypes
import os
import resource
import signal
import sys

from segue.audio.model import AudioLimits

_FILES_MAX = 64
# From <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def die_with(parent_pid: int) -> None:
    """Ties this process to its parent: a killed parent cannot clean up, and this one must not outlive it."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent_pid:  # it was gone before the tie was made
        os._exit(1)


def confine(limits: AudioLimits) -> None:
    """Sets the limits of the kernel: a second past the CPU limit is SIGKILL, a write past the size limit is EFBIG."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for name, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_bytes_max, limits.memory_bytes_max),
        (resource.RLIMIT_CPU, limits.cpu_s_max, limits.cpu_s_max + 1),
        (resource.RLIMIT_FSIZE, limits.output_bytes_max, limits.output_bytes_max),
        (resource.RLIMIT_NOFILE, _FILES_MAX, _FILES_MAX),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(name, (soft, hard))
