"""Every address that Django answers; the client's files and the live stream are answered before it."""

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from guanxi.app import api, health
from guanxi.kernel.api.answers import refusal
from guanxi.lib.errors import WrongMethod


def by_place(routes: Iterable[URLPattern | URLResolver]) -> list[URLResolver]:
    """The same routes as a tree by their first word, the largest places first: of hundreds a few are looked at."""
    below: dict[str, list[URLPattern]] = {}
    for route in routes:
        assert isinstance(route, URLPattern)
        place, slash, rest = str(route.pattern).partition("/")
        below.setdefault(place, []).append(path(slash + rest, said(route.callback), name=route.name))
    return [path(place, include(below[place])) for place in sorted(below, key=lambda place: -len(below[place]))]


def said(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same view, which refuses a wrong method as everything is refused: with a code and a sentence."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response["Allow"]
        told = refusal(request, WrongMethod("request.wrong_method", method=request.method, allowed=allowed))
        told["Allow"] = allowed
        return told

    return answered


interface = api.build()
routes, name, namespace = interface.urls
urlpatterns = [
    path("healthz", health.healthz),
    path("api/", include((by_place(routes), name), namespace)),
]
handler404 = api.no_such_address
handler500 = api.failed
