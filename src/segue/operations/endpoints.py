"""Health over HTTP, for whoever watches the server. Anybody may ask; the answers hold no path, address or version."""

from typing import Literal

import msgspec

from segue.http import Reply, get
from segue.operations.health import Component, Health, HealthView


class LivenessView(msgspec.Struct):
    """The server runs."""

    status: Literal["ok"] = "ok"


@get("/v1/health/", example=LivenessView())
async def liveness() -> LivenessView:
    """Ask whether the server runs. Nothing behind it is asked, so this says ok also while the database is away."""
    return LivenessView()


@get(
    "/v1/health/details",
    also=(503,),
    example=HealthView(
        "degraded",
        [
            Component("database", "healthy", None),
            Component("audit", "healthy", None),
            Component("storage", "healthy", None),
            Component("limit_enforcement", "healthy", None),
            Component("jobs", "degraded", "Work is not being done."),
        ],
    ),
)
async def readiness(health: Health, now: int) -> Reply[HealthView]:
    """Ask every part of the server how it is. When one is `unhealthy` the status is 503, with the same body."""
    found = await health.ask(now=now)
    return Reply(found, 503 if found.status == "unhealthy" else 200)


ENDPOINTS = (liveness, readiness)
