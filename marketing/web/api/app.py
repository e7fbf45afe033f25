"""The interface for programs of a Daerah, mounted under /api/v1 beside the pages; it has its own errors and describes itself."""

from typing import Any

from fastapi import FastAPI

from marketing.bootstrap import App
from marketing.web.api import consents, problems
from marketing.web.api.bodies import Problem
from marketing.web.api.limits import SmallBodies

PREFIX = "/api/v1"


class Described(FastAPI):
    """An interface whose description names the problems it answers, and not FastAPI's own, which it never does."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        if self.openapi_schema is None:
            parts = super().openapi()["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                parts.pop(name, None)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            parts.update(problem.pop("$defs"))
            parts["Problem"] = problem
        return self.openapi_schema or {}


def create_api(siar: App, limiter: object) -> FastAPI:
    """Return the interface around one App; `limiter` is the one of the pages, so that many processes count together."""
    api = Described(
        title="Siar API",
        version="1",
        description="Persetujuan yang dikumpulkan program lain milik Daerah (UU 27/2022 Ps. 20-24, 40).",
        docs_url=None,
        redoc_url=None,
    )
    api.state.siar, api.state.limiter = siar, limiter
    api.add_middleware(SmallBodies)
    problems.install(api)
    api.router.routes.extend(consents.router.routes)  # as they were made at import
    return api
