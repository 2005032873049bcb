"""The reference over HTTP. It is for anybody: it says nothing about anybody's data."""

from segue.http import Answer, Call, get
from segue.reference.told import Reference


@get("/openapi.json", also=(304,))
async def get_openapi(call: Call, reference: Reference) -> Answer:
    """Get this reference as an OpenAPI 3.1 document, for programs."""
    return await reference.openapi(call)


@get("/docs", also=(304,), media_types=("text/html",))
async def get_docs(call: Call, reference: Reference) -> Answer:
    """Get this reference as a page, for people."""
    return await reference.page(call)


ENDPOINTS = (get_openapi, get_docs)
