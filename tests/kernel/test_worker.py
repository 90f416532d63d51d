"""What a job defers is part of its transaction, under a real worker as well."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from guanxi.kernel import jobs

pytestmark = pytest.mark.django_db(transaction=True)
ran: list[str] = []


@jobs.job("test.leaf")
def leaf(name: str) -> None:
    ran.append(name)


@jobs.job("test.stem")
def stem(name: str, fails: bool) -> None:
    with transaction.atomic():
        leaf.defer(name=name)
        if fails:
            raise ValueError("taken back")


def waiting() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' AND task_name LIKE 'test.%%'")
        return [row[0] for row in cursor.fetchall()]


def work() -> None:
    """One after the other: nobody leaves before what a job deferred is there."""
    jobs.run_worker(1, wait=False)
    connection.close()


def test_what_a_failing_job_deferred_is_taken_back():
    ran.clear()
    stem.defer(name="kept", fails=False)
    stem.defer(name="lost", fails=True)
    with ThreadPoolExecutor(1) as pool:  # whose thread has no event loop, whatever ran in this one before
        pool.submit(work).result()
    assert ran == ["kept"]
    assert waiting() == []
