"""Every address that Django answers; the client's files and the live stream are answered before it."""

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, include, path

from guanxi.app import api, health


def by_place(routes: Iterable[URLPattern | URLResolver]) -> list[URLResolver]:
    """The same routes as a tree by their first word, the largest places first: of hundreds a few are looked at."""
    below: dict[str, list[URLPattern]] = {}
    for route in routes:
        assert isinstance(route, URLPattern)
        place, slash, rest = str(route.pattern).partition("/")
        below.setdefault(place, []).append(path(slash + rest, route.callback, name=route.name))
    return [path(place, include(below[place])) for place in sorted(below, key=lambda place: -len(below[place]))]


interface = api.build()
routes, name, namespace = interface.urls
urlpatterns = [
    path("healthz", health.healthz),
    path("api/", include((by_place(routes), name), namespace)),
]
handler404 = api.no_such_address
handler500 = api.failed
