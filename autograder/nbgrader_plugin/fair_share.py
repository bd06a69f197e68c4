"""A limit that several parts share: the small ones stay whole, the large ones are cut alike."""

from __future__ import annotations

from collections.abc import Iterable


def fair_share(sizes: Iterable[int], total: int) -> int:
    """Return what each part may take at most, so that all of them together keep to a total.

    So one part without end takes nothing from the others that are small.

    Args:
        sizes: the parts' sizes, not negative.
        total: what they may have together.

    Examples:
        >>> fair_share([10, 20, 1000, 2000], 100)
        35
        >>> fair_share([10, 20], 100)
        100
    """
    ordered, left = sorted(sizes), total
    for place, size in enumerate(ordered):
        share = left // (len(ordered) - place)
        if size > share:
            return share
        left -= size
    return total
