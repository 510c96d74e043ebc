"""What this process must have set before torch is loaded, with a window or without.

Both were found by measuring. A waiting thread of torch spins unless told to sleep, and takes the core another thread
needs. And glibc gives the memory of every step back to the system and faults it in again at the next, in any thread but
the first: 47,000 page faults in twelve epochs of a small network, 4 % of its time.
"""

import ctypes
import os

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # glibc, malloc.h
_KEPT = 512 * 2**20  # bytes that may lie free for the next step
_MAPPED = 32 * 2**20  # bytes from which a piece of memory is mapped by itself: the most glibc takes


def ready_for_torch() -> None:
    """To be called before torch is imported, and once more does no harm."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return  # another allocator, which has no such setting
    mallopt(_M_MMAP_THRESHOLD, _MAPPED)
    mallopt(_M_TRIM_THRESHOLD, _KEPT)
