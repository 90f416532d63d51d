"""A real mail system for tests: dovecot over Maildirs and an SMTP server that delivers into them, on loopback."""

import datetime
import grp
import ipaddress
import json
import os
import pwd
import random
import secrets
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import compat32
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guanxi.channels.email.hosts import Security, Server
from tests.requirements import dovecot

COMPANY = "company.test"
CUSTOMERS = "customers.test"
BOUNCING = "gone.test"
USERS = (f"support@{COMPANY}", f"sales@{COMPANY}", f"second@{COMPANY}", f"everyone@{CUSTOMERS}", f"alice@{CUSTOMERS}")
START_SECONDS = 10
QUIET_PORTS = (20_000, 32_000)

_CONFIG = """
{version}
base_dir = {run}
state_dir = {here}
log_path = {here}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
{certificate}
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
{mail}
auth_mechanisms = plain login
{plaintext}
auth_failure_delay = 0
mail_max_userip_connections = 100
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener auth-submission {{
    mode = 0666
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
{databases}
"""


@dataclass
class MailServer:
    """The running mail system: where it listens, and hands to look into it and to disturb it."""

    here: Path
    imap: int
    imaps: int
    smtp: int
    smtps: int
    uid: int
    gid: int
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    processes: list[subprocess.Popen] = field(default_factory=list)
    dovecot: subprocess.Popen | None = None

    @property
    def authority(self) -> str:
        """The certificate to trust, as PEM."""
        return (self.here / "certificate.pem").read_text()

    def imap_server(self, user: str = USERS[0], security: Security = Security.TLS) -> Server:
        """How a mailbox reads as a user."""
        return self._server(self.imaps if security is Security.TLS else self.imap, user, security)

    def smtp_server(self, user: str = USERS[0], security: Security = Security.TLS) -> Server:
        """How a mailbox sends as a user."""
        return self._server(self.smtps if security is Security.TLS else self.smtp, user, security)

    def _server(self, port: int, user: str, security: Security) -> Server:
        return Server(
            host="localhost", port=port, security=security, user=user, password=self.password,
            timeout_seconds=5, authorities=self.authority,
        )  # fmt: skip

    def deliver(self, mail: EmailMessage | bytes, *, to: str, sender: str = f"alice@{CUSTOMERS}") -> None:
        """Send one mail in, as a stranger's server would."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=5) as smtp:
            smtp.sendmail(sender, [to], raw)

    def place(
        self, raw: bytes, *, user: str, at: datetime.datetime, seen: bool = False, folder: Path | None = None
    ) -> None:
        """Put one mail of the past into a folder of a user, the inbox unless one is given, as if it had come then."""
        folder = folder or self.maildir(user)
        name = f"{int(at.timestamp())}.M{time.monotonic_ns()}.rig"
        path = folder / ("cur" if seen else "new") / (f"{name}:2,S" if seen else name)
        path.write_bytes(raw)
        os.utime(path, (at.timestamp(), at.timestamp()))
        self.give(path)

    def maildir(self, user: str) -> Path:
        """A user's Maildir."""
        return self.here / "mail" / user / "Maildir"

    def sent_folder(self, user: str) -> Path:
        """Where a user's mail programs keep what was sent."""
        sent = self.maildir(user) / ".Sent"
        for name in ("new", "cur", "tmp"):
            (sent / name).mkdir(parents=True, exist_ok=True)
        for path in [sent, *sent.iterdir()]:
            self.give(path)
        return sent

    def inbox(self, user: str) -> list[Message]:
        """What a user has received, in the order of arrival."""
        files = [path for name in ("new", "cur") for path in (self.maildir(user) / name).iterdir()]
        return [message_from_bytes(path.read_bytes(), policy=compat32) for path in sorted(files, key=lambda p: p.name)]

    def taken(self) -> list[dict]:
        """Everything the SMTP server has taken so far: from, to, id, at."""
        place = self.here / "taken.jsonl"
        return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []

    def fail(self, recipient: str = "*", **fault: object) -> None:
        """Plan a fault for a recipient: at="rcpt"|"data"|"drop"|"lost", code, text, times, seconds."""
        place = self.here / "faults.json"
        faults = json.loads(place.read_text()) if place.exists() else {}
        faults[recipient] = fault
        place.write_text(json.dumps(faults))

    def empty(self) -> None:
        """Forget all mail, faults and counts; the folders get a new validity."""
        for name in ("faults.json", "taken.jsonl"):
            (self.here / name).unlink(missing_ok=True)
        for user in USERS:
            for folder in self.maildir(user).glob(".*"):
                shutil.rmtree(folder)
            for path in self.maildir(user).rglob("*"):
                if path.is_file():
                    path.unlink(missing_ok=True)

    def give(self, path: Path) -> None:
        """Let a file or folder belong to whom the mail belongs to."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def start_imap(self) -> None:
        """Let dovecot run, in a group of its own; it answers when this returns."""
        program = dovecot()
        assert program, "ask for the rig only in tests marked `mail`"
        log = (self.here / "dovecot.out").open("ab")
        self.dovecot = subprocess.Popen(
            [program, "-F", "-c", str(self.here / "dovecot.conf")], stdout=log, stderr=log, start_new_session=True
        )
        self.wait_for([*self.processes, self.dovecot], self.imap, self.imaps)

    def wait_for(self, started: list[subprocess.Popen], *ports: int) -> None:
        """Wait until what was started answers."""
        until = time.monotonic() + START_SECONDS
        for port in ports:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    dead = [process.args for process in started if process.poll() is not None]
                    if dead or time.monotonic() > until:
                        logs = (path for path in self.here.rglob("*") if path.suffix in (".log", ".out"))
                        said = "".join(path.read_text() for path in logs)
                        raise RuntimeError(f"the mail rig did not start: {dead} {said[-2000:]}") from None
                    time.sleep(0.02)

    def signal_imap(self, signal: signal.Signals) -> None:
        """Tell dovecot's master and all that it started: SIGKILL ends them in the middle, SIGSTOP makes them silent."""
        assert self.dovecot
        os.killpg(self.dovecot.pid, signal)

    def stop_imap(self) -> None:
        """End dovecot, as a restart does."""
        if self.dovecot:
            _end(self.dovecot)
            self.dovecot = None

    def stop(self) -> None:
        """End the processes that were started, by their ids."""
        self.stop_imap()
        for process in self.processes:
            _end(process)
        shutil.rmtree(self.here, ignore_errors=True)


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def start() -> MailServer:
    """Start the mail system in a folder of its own; ready when this returns."""
    here = Path(tempfile.mkdtemp(prefix="guanxi-mail-"))
    here.chmod(0o755)
    account = _account()
    imap, imaps, smtp, smtps = free_ports(4)
    rig = MailServer(here, imap, imaps, smtp, smtps, account.pw_uid, account.pw_gid)
    try:
        _certificate(here)
        _maildirs(rig)
        _start_smtp(rig)
        _start_dovecot(rig, account)
        rig.wait_for(rig.processes, smtp, smtps)
    except BaseException:
        rig.stop()
        raise
    return rig


def _account() -> pwd.struct_passwd:
    """Whom the mail belongs to: ourselves, or nobody when we are root, whom dovecot refuses."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at, below those that any connection may take before the servers are up."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(*QUIET_PORTS)
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            found.append(port)
    return found


def _certificate(here: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (here / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (here / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _maildirs(rig: MailServer) -> None:
    for user in USERS:
        for name in ("new", "cur", "tmp"):
            (rig.maildir(user) / name).mkdir(parents=True)
    for path in [rig.here / "mail", *(rig.here / "mail").rglob("*")]:
        rig.give(path)
    (rig.here / "users").write_text("".join(f"{user}:{{PLAIN}}{rig.password}\n" for user in USERS))


def _start_smtp(rig: MailServer) -> None:
    facts = {
        "users": USERS, "password": rig.password, "catch_all": {CUSTOMERS: f"everyone@{CUSTOMERS}"},
        "bouncing": [BOUNCING], "smtp": rig.smtp, "smtps": rig.smtps, "uid": rig.uid, "gid": rig.gid,
    }  # fmt: skip
    (rig.here / "rig.json").write_text(json.dumps(facts))
    script = Path(__file__).with_name("smtp_process.py")
    log = (rig.here / "smtp.log").open("wb")
    rig.processes.append(subprocess.Popen([sys.executable, str(script), str(rig.here)], stdout=log, stderr=log))


def _start_dovecot(rig: MailServer, account: pwd.struct_passwd) -> None:
    program = dovecot()
    assert program, "ask for the rig only in tests marked `mail`"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    (rig.here / "dovecot.conf").write_text(_config(rig, account, version))
    (rig.here / "run").mkdir()
    rig.start_imap()


def _config(rig: MailServer, account: pwd.struct_passwd, version: str) -> str:
    root, own, here = os.geteuid() == 0, account.pw_name, rig.here
    parts = _new_settings(rig, version) if version >= "2.4" else _old_settings(rig)
    return _CONFIG.format(
        here=here, run=here / "run", imap=rig.imap, imaps=rig.imaps,
        internal="dovecot" if root else own, login="dovenull" if root else own,
        group="dovecot" if root else _group(account), **parts,
    )  # fmt: skip


def _new_settings(rig: MailServer, version: str) -> dict[str, str]:
    """What dovecot 2.4 renamed."""
    here, home = rig.here, f"{rig.here}/mail/%{{user}}"
    fields = f"fields {{\n    uid = {rig.uid}\n    gid = {rig.gid}\n    home = {home}\n  }}"
    return {
        "version": f"dovecot_config_version = {version}\ndovecot_storage_version = {version}",
        "certificate": f"ssl_server_cert_file = {here}/certificate.pem\nssl_server_key_file = {here}/key.pem",
        "mail": f"mail_driver = maildir\nmail_path = {home}/Maildir\nmail_home = {home}",
        "plaintext": "auth_allow_cleartext = yes",
        "databases": f"passdb passwd-file {{\n  passwd_file_path = {here}/users\n}}\nuserdb static {{\n  {fields}\n}}",
    }


def _old_settings(rig: MailServer) -> dict[str, str]:
    """Dovecot 2.3 and before."""
    here = rig.here
    users = f"passdb {{\n  driver = passwd-file\n  args = username_format=%u {here}/users\n}}\n"
    return {
        "version": "",
        "certificate": f"ssl_cert = <{here}/certificate.pem\nssl_key = <{here}/key.pem",
        "mail": f"mail_location = maildir:{here}/mail/%u/Maildir",
        "plaintext": "disable_plaintext_auth = no",
        "databases": f"{users}userdb {{\n  driver = static\n"
        f"  args = uid={rig.uid} gid={rig.gid} home={here}/mail/%u\n}}",
    }


def _group(account: pwd.struct_passwd) -> str:
    return grp.getgrgid(account.pw_gid).gr_name


@pytest.fixture(scope="session")
def mail_system() -> Iterator[MailServer]:
    """The mail system of this test process."""
    rig = start()
    yield rig
    rig.stop()


@pytest.fixture
def mail_server(mail_system: MailServer) -> MailServer:
    """The mail system, empty; ask for it only in tests marked `mail`."""
    mail_system.empty()
    return mail_system
