"""Whether this installation can answer."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from guanxi import __version__


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer that the server and its database are there, or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ok": False, "version": __version__}, status=503)
    return JsonResponse({"ok": True, "version": __version__})
