"""The reference of this API, made from its code: for programs as OpenAPI 3.1, for people as a page."""

from segue.reference.endpoints import ENDPOINTS
from segue.reference.told import Reference

__all__ = ["ENDPOINTS", "Reference"]
