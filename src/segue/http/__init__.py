"""HTTP behind one door: routes and their calls, the hot routes, errors, ranges. No product word is known here."""

from segue.http.accept import prefers_html
from segue.http.acknowledgements import Ack
from segue.http.answers import Answer, FileAnswer, Headers, json_answer
from segue.http.api import Api, Replay
from segue.http.bodies import read_json
from segue.http.calls import Call
from segue.http.clients import ClientAddresses
from segue.http.envelope import failure_answer
from segue.http.openapi import About, document
from segue.http.operation import Operation, room_of
from segue.http.outgoing import gzipped, knows
from segue.http.queries import MembersPage, Offset, Page
from segue.http.ranges import Unsatisfiable, satisfy
from segue.http.refusals import Follows
from segue.http.requests import Request
from segue.http.routes import Provider, Reply, Route, delete, get, patch, post, put
from segue.http.server import Application, HotRoute, operations_of

__all__ = [
    "About",
    "Ack",
    "Answer",
    "Api",
    "Application",
    "Call",
    "ClientAddresses",
    "FileAnswer",
    "Follows",
    "Headers",
    "HotRoute",
    "MembersPage",
    "Offset",
    "Operation",
    "Page",
    "Provider",
    "Replay",
    "Reply",
    "Request",
    "Route",
    "Unsatisfiable",
    "delete",
    "document",
    "failure_answer",
    "get",
    "gzipped",
    "json_answer",
    "knows",
    "operations_of",
    "patch",
    "post",
    "prefers_html",
    "put",
    "read_json",
    "room_of",
    "satisfy",
]
