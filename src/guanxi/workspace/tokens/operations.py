"""The verbs of tokens: sign in, sign out, access for scripts."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from guanxi.kernel.actor import SYSTEM, Actor
from guanxi.kernel.limits import limit
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from guanxi.lib.networks import neighbourhood
from guanxi.workspace.tokens import rules
from guanxi.workspace.tokens.models import Token
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.links import Mark, mark_of, require_good
from guanxi.workspace.users.models import User
from guanxi.workspace.users.operations import choose_password
from guanxi.workspace.users.queries import require_may_let_in

TRIES_PER, LOCKED = timedelta(minutes=15), "sign_in.locked"
FROM_PLACE = limit(
    "session.sign_in_from", most=50, per=TRIES_PER, by="address", code=LOCKED,
    about="Tries to sign in from one place, whoever as.",
)  # fmt: skip
AT_PLACE = limit(
    "session.sign_in_at", most=5, per=TRIES_PER, by="address", code=LOCKED,
    about="Tries to sign in as one person from one place; whoever gets in begins anew.",
)  # fmt: skip
FROM_EVERYWHERE = limit(
    "session.sign_in", most=100, per=TRIES_PER, by="account", code=LOCKED,
    about="Tries to sign in as one person, wherever from: so many that a stranger locks nobody out, so few that"
    " guessing takes centuries.",
)  # fmt: skip
LINKS = limit(
    "session.link", most=60, per=TRIES_PER, by="address", code=LOCKED,
    about="Links to choose a password by that one place follows: links cannot be guessed by trying.",
)  # fmt: skip
MOST_DAYS = 3650


def sign_in(*, email: str, password: str, place: str, browser: str = "") -> str:
    """Exchange an address and a password for a session secret; too many wrong tries lock it for a while."""
    address, place = email.strip().lower(), neighbourhood(place)
    FROM_PLACE.take(place)
    AT_PLACE.take(f"{place}:{address}")
    FROM_EVERYWHERE.take(address)
    user = User.objects.filter(email=address, archived_at=None).first()
    # Without a usable password one hash is computed all the same: the time taken tells nobody which addresses exist.
    known = user.password if user and user.password else make_password(None)
    if not check_password(password, known) or user is None:
        raise Unauthenticated("sign_in.wrong")
    AT_PLACE.forget(f"{place}:{address}")
    return open_session(user, browser=browser)


def follow_link(*, token: str, place: str) -> tuple[Mark, User]:
    """Whom a link lets in, as long as it is good and whoever made it may still let them in."""
    LINKS.take(neighbourhood(place))
    mark = mark_of(token)
    user, maker = User.objects.filter(pk=mark.user_id).first(), actor_of(mark.by) if mark.by else SYSTEM
    if user is None or maker is None:
        raise NotFound("user.dead_link")
    require_good(mark, user)
    try:
        require_may_let_in(maker, user)
    except (Conflict, Forbidden, NotFound):
        raise NotFound("user.dead_link") from None
    return mark, user


def enter_by_link(*, token: str, password: str, place: str, browser: str = "") -> str:
    """Choose a password by a link and be signed in with it; wrong tries from here are forgotten."""
    mark, _ = follow_link(token=token, place=place)
    user = choose_password(mark, password=password)
    AT_PLACE.forget(f"{neighbourhood(place)}:{user.email}")
    return open_session(user, browser=browser)


def open_session(user: User, *, browser: str = "") -> str:
    """A secret for a browser of somebody who was recognised; its owner knows it by its name."""
    return _issue(SYSTEM, user.pk, Token.Kind.SESSION, name=browser, lasts=rules.SESSION_LASTS)


def sign_out(secret: str) -> None:
    """End a session."""
    token = Token.objects.filter(hash=rules.hashed(secret), revoked_at=None).first()
    if token:
        with change(Token, token.pk, by=SYSTEM) as held:
            held.revoked_at = now()


@operation("workspace.token.create", human_only="hands out a secret")
def create_token(actor: Actor, *, name: str, email: str | None = None, days: int | None = None) -> str:
    """Hand out access for a script; the secret is shown once."""
    if actor.kind == "token":
        raise Forbidden("token.not_by_token")
    if days is not None and not 0 < days <= MOST_DAYS:
        raise Invalid("token.wrong_days", most=MOST_DAYS)
    lasts = timedelta(days=days) if days else None
    if email:
        user = User.objects.filter(email=email.strip().lower(), archived_at=None).first()
        if user is None:
            raise NotFound("user.unknown", email=email)
        if user.pk != actor.id and actor.kind != "system":
            raise Forbidden("token.only_own")
        return _issue(actor, user.pk, Token.Kind.ACCESS, name=name, lasts=lasts)
    if actor.id is None:
        raise Invalid("token.for_whom")
    return _issue(actor, actor.id, Token.Kind.ACCESS, name=name, lasts=lasts)


@operation("workspace.token.revoke", human_only="takes access away")
def revoke_token(actor: Actor, token_id: UUID) -> Token:
    """Take access away from a browser or a script."""
    with change(Token, token_id, by=actor, using="workspace.token.revoke") as token:
        token.revoked_at = now()
    return token


def _issue(actor: Actor, user: UUID, kind: Token.Kind, *, name: str = "", lasts: timedelta | None) -> str:
    secret = rules.new_secret(kind)
    ends = now() + lasts if lasts else None
    using = "workspace.token.create"
    create(actor, Token, using=using, owner_id=user, kind=kind, name=name, hash=rules.hashed(secret), expires_at=ends)
    return secret
