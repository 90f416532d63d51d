"""The mail system for the tests of channels, a mailbox on it, and a time at which nothing has to wait."""

from datetime import UTC, datetime

import pytest

from guanxi.channels.email import jobs as email_jobs
from guanxi.kernel import time
from tests.factories import channels as make
from tests.mailserver import mail_server, mail_system
from tests.postfix import postfix, postfix_system

__all__ = ["mail_server", "mail_system", "postfix", "postfix_system"]


@pytest.fixture
def at_noon():
    """Noon of today, so that no quiet hour disturbs; mail servers keep their own clock."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0)
    with time.frozen(noon) as clock:
        yield clock


@pytest.fixture
def box(mail_server):
    """A connected mailbox whose place has been taken."""
    mailbox = make.mailbox(mail_server)
    email_jobs.read(mailbox)
    mailbox.refresh_from_db()
    return mailbox
