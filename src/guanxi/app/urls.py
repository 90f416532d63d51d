"""Every address that Django answers; the client's files and the live stream are answered before it."""

from django.urls import path

from guanxi.app import api, health

interface = api.build()
urlpatterns = [
    path("healthz", health.healthz),
    path("api/", interface.urls),
]
handler500 = "guanxi.app.api.failed"
