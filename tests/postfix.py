"""A real postfix before the Maildirs of the mail rig: its own folder and ports, nothing of the machine's mail."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from guanxi.channels.email.hosts import Security, Server
from tests.house import until
from tests.mailserver import COMPANY, CUSTOMERS, USERS, MailServer, free_ports
from tests.requirements import postfix as installed

LARGEST_BYTES = 300_000
_MAIN = """
compatibility_level = 3.6
queue_directory = {here}/queue
data_directory = {here}/data
maillog_file = {here}/postfix.log
maillog_file_prefixes = {here}
myhostname = mail.{company}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
alias_database =
message_size_limit = {largest}
mailbox_size_limit = 0
recipient_delimiter = +

smtpd_tls_cert_file = {certificate}/certificate.pem
smtpd_tls_key_file = {certificate}/key.pem
smtpd_tls_security_level = encrypt
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_sender_login_maps = texthash:{here}/logins
smtpd_sender_restrictions = reject_sender_login_mismatch
# Taken first and sent back afterwards, as a company's own server does with mail to others.
smtpd_reject_unlisted_recipient = no

virtual_mailbox_domains = {company} {customers}
virtual_mailbox_base = {maildirs}
virtual_mailbox_maps = texthash:{here}/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
default_transport = error:5.1.2 nobody outside is written to by a test
"""
_MASTER = """
127.0.0.1:{starttls} inet n - n - - smtpd
127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """The running postfix: where it takes letters, and hands to end and start it."""

    rig: MailServer
    starttls: int
    tls: int
    process: subprocess.Popen | None = field(default=None)

    @property
    def here(self) -> Path:
        """Its folder: configuration, queue, log."""
        return self.rig.here / "postfix"

    def server(self, user: str = USERS[0], security: Security = Security.TLS) -> Server:
        """How a mailbox sends by it as a user."""
        port = self.tls if security is Security.TLS else self.starttls
        return Server(
            host="localhost", port=port, security=security, user=user, password=self.rig.password, timeout_seconds=10,
            authorities=self.rig.authority,
        )  # fmt: skip

    def start(self) -> None:
        """Start it in the foreground; it takes letters when this returns."""
        asked = [Path(installed() or "").with_name("postconf"), "-dh", "daemon_directory"]
        daemons = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        # It ends its children as the group it leads.
        self.process = subprocess.Popen([f"{daemons}/master", "-c", self.here, "-d"], start_new_session=True)
        self.rig.wait_for([self.process], self.starttls, self.tls)

    def stop(self) -> None:
        """End it; what is in its queue stays there."""
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)
            self.process = None

    def said(self) -> str:
        """Its log."""
        log = self.here / "postfix.log"
        return log.read_text() if log.exists() else ""

    def rest(self) -> None:
        """Wait until nothing is in its queue."""
        queues = [self.here / "queue" / name for name in ("incoming", "active", "maildrop")]
        until(lambda: not any(path.is_file() for one in queues for path in one.rglob("*")), what="an empty queue")
        time.sleep(0.05)


def start(rig: MailServer) -> Postfix:
    """Write down how it is to run and start it."""
    program = installed()
    assert program, "ask for postfix only in tests marked `postfix`"
    found = Postfix(rig, *free_ports(2))
    for folder in (found.here, found.here / "queue", found.here / "data"):
        folder.mkdir(mode=0o755)
    shutil.chown(found.here / "data", "postfix")
    (found.here / "mailboxes").write_text("".join(f"{user} {user}/Maildir/\n" for user in USERS))
    (found.here / "logins").write_text("".join(f"{user} {user}\n" for user in USERS))
    main = _MAIN.format(
        here=found.here, company=COMPANY, customers=CUSTOMERS, largest=LARGEST_BYTES, certificate=rig.here,
        auth=rig.here / "run" / "auth-submission", maildirs=rig.here / "mail", uid=rig.uid, gid=rig.gid,
    )  # fmt: skip
    (found.here / "main.cf").write_text(main)
    (found.here / "master.cf").write_text(_MASTER.format(starttls=found.starttls, tls=found.tls))
    # Makes the folders of the queue as they have to be.
    subprocess.run([program, "-c", found.here, "check"], check=True, capture_output=True)
    found.start()
    return found


@pytest.fixture(scope="session")
def postfix_system(mail_system: MailServer) -> Iterator[Postfix]:
    """The postfix of this test process."""
    found = start(mail_system)
    yield found
    found.stop()


@pytest.fixture
def postfix(postfix_system: Postfix, mail_server: MailServer) -> Postfix:
    """A postfix with an empty queue before empty Maildirs; ask for it only in tests marked `mail` and `postfix`."""
    postfix_system.rest()
    return postfix_system
