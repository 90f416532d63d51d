"""What a figure is, in plain Python: the same numbers as the kernel's SQL, from raw cases."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.kernel.measures import measures


@dataclass(frozen=True)
class Case:
    """One case: when it began, its value (seconds, 1 or 0), whether it is still open."""

    at: datetime
    value: float | None
    open: bool = False


def percentile(values: list[float], share: float) -> float | None:
    """The value below which a share lies, with the line drawn between neighbours."""
    if not values:
        return None
    ordered, place = sorted(values), share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def durations(cases: Iterable[Case], *, limit: Callable[[datetime], float], now: datetime) -> dict[str, Any]:
    """A figure of lengths of time: kept within the limit that held when the case began, missed beyond it."""
    found = list(cases)
    done = [c for c in found if not c.open]
    kept = sum(1 for c in done if (c.value or 0) <= limit(c.at))
    late = sum(1 for c in found if c.open and (now - c.at).total_seconds() > limit(c.at))
    return _figure(found, kept, len(done) - kept + late)


def shares(cases: Iterable[Case]) -> dict[str, Any]:
    """A figure of yes and no."""
    found = list(cases)
    done = [c for c in found if not c.open]
    kept = sum(1 for c in done if c.value)
    return _figure(found, kept, len(done) - kept)


def _figure(found: list[Case], kept: int, missed: int) -> dict[str, Any]:
    values = [c.value for c in found if not c.open and c.value is not None]
    judged = kept + missed
    return {
        "cases": len(found),
        "kept": kept,
        "missed": missed,
        "open": len(found) - judged,
        "share": kept / judged if judged else None,
        "mean": sum(values) / len(values) if values else None,
        "p50": percentile(values, 0.5),
        "p90": percentile(values, 0.9),
    }


def require_recounts(domain: str, known: Collection[str]) -> None:
    """Each figure of a domain is counted again somewhere, and nothing else is."""
    declared = {name for name in measures() if name.startswith(f"{domain}.")}
    lacking, gone = sorted(declared - set(known)), sorted(set(known) - declared)
    assert not lacking, f"no recount in tests/recounts/{domain}.py of {lacking}"
    assert not gone, f"recounts of figures that there are none of: {gone}"
