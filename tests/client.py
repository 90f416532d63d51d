"""The interface as a script or a browser uses it, in this process."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from guanxi.kernel.actor import SYSTEM
from guanxi.workspace.tokens.operations import create_token
from guanxi.workspace.users.models import User


class Api:
    """Requests of one person by an access token, or by another secret; `status` is checked on each."""

    def __init__(self, user: User | None = None, *, secret: str = "") -> None:
        headers = {"Accept-Language": "en"}
        if user:
            secret = create_token(SYSTEM, name="test", email=user.email)
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        self.client = Client(headers=headers)

    def get(self, path: str, *, status: int = 200, **query: Any) -> Any:
        """Read."""
        given = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in query.items()}
        return self._checked(self.client.get(f"/api/{path}", given), status)

    def post(self, path: str, given: Any = None, *, status: int = 200, **headers: str) -> Any:
        """Do or create; headers by name, such as `if_match`."""
        sent = self.client.post(
            f"/api/{path}", json.dumps(given or {}), content_type="application/json", headers=_named(headers)
        )
        return self._checked(sent, status)

    def patch(self, path: str, given: Any, *, status: int = 200, **headers: str) -> Any:
        """Change."""
        sent = self.client.patch(
            f"/api/{path}", json.dumps(given), content_type="application/json", headers=_named(headers)
        )
        return self._checked(sent, status)

    def put(self, path: str, given: Any, *, status: int = 200, **headers: str) -> Any:
        """Set."""
        sent = self.client.put(
            f"/api/{path}", json.dumps(given), content_type="application/json", headers=_named(headers)
        )
        return self._checked(sent, status)

    @staticmethod
    def _checked(response: HttpResponse, status: int) -> Any:
        assert response.status_code == status, (response.status_code, response.content[:2000])
        return json.loads(response.content, object_pairs_hook=said_once) if response.content else None


def said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object that says nothing twice."""
    said = dict(pairs)
    assert len(said) == len(pairs), [name for name, _ in pairs]
    return said


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
