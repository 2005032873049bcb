"""HTTP behind one door: requests and answers, the hot routes, the framework for all others, errors, ranges."""

from litestar import delete, patch, post
from litestar.di import Provide
from litestar.params import FromPath

from segue.http.accept import prefers_html
from segue.http.answers import Answer, FileAnswer, Headers, json_answer
from segue.http.bodies import read_json
from segue.http.clients import ClientAddresses
from segue.http.envelope import failure_answer
from segue.http.framework import FrameworkRequest, Given, framework, get, request_id
from segue.http.pages import Ack, page
from segue.http.ranges import Unsatisfiable, satisfy
from segue.http.requests import Request
from segue.http.server import Application, HotRoute

__all__ = [
    "Ack",
    "Answer",
    "Application",
    "ClientAddresses",
    "FileAnswer",
    "FrameworkRequest",
    "FromPath",
    "Given",
    "Headers",
    "HotRoute",
    "Provide",
    "Request",
    "Unsatisfiable",
    "delete",
    "failure_answer",
    "framework",
    "get",
    "json_answer",
    "page",
    "patch",
    "post",
    "prefers_html",
    "read_json",
    "request_id",
    "satisfy",
]
