"""Do everything that is due, in this process, until nothing is left: for tests and the simulator."""

from guanxi.kernel import clocks, jobs

MOST = 100_000


def drain() -> int:
    """Run due clocks and queued jobs until quiet; returns how many were run."""
    done = 0
    while done < MOST:
        if jobs.run_next():
            done += 1
        elif fired := clocks.fire_due():
            done += fired
        else:
            return done
    raise RuntimeError("there is no end to what is due: something defers itself for ever")
