"""Letters of the tests: read what is new, and answer as a mail program does."""

from email.message import EmailMessage

from guanxi.channels.email import jobs as email_jobs
from guanxi.kernel.drain import drain

SUPPORT, EVERYONE = "support@company.test", "everyone@customers.test"


def read(mailbox):
    """Read what is new, then let everything happen."""
    mailbox.refresh_from_db()
    count = email_jobs.read(mailbox)
    drain()
    return count


def answer(mail, text: str, sender: str = "alice@customers.test") -> EmailMessage:
    """An answer as a mail program writes it."""
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = sender, SUPPORT, f"Re: {mail['Subject']}"
    reply["Message-ID"], reply["In-Reply-To"], reply["References"] = (
        f"<{id(reply)}@x>",
        mail["Message-ID"],
        mail["Message-ID"],
    )
    reply.set_content(f"{text}\n\nOn 5 Jan 2026, Company <{SUPPORT}> wrote:\n> Hello\n")
    return reply
