"""The OpenAPI document: whole, valid, and true."""

import msgspec
import pytest
import schemathesis
from factories.server import in_its_loop, only_sqlite

from segue import accounts
from segue.app import application
from segue.clock import now_s
from segue.http import operations_of

pytestmark = [in_its_loop, only_sqlite]


@pytest.fixture
def whole(served):
    return application(served.parts)


@pytest.fixture
def operations(whole):
    return operations_of(whole.hot, whole.api.routes)


def refs(value):
    """Every reference in a document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from refs(inner)


def calls(document):
    """Every call: its method, its path, and what the document says of it."""
    return [
        (method.upper(), path, told)
        for path, methods in document.whole["paths"].items()
        for method, told in methods.items()
    ]


async def test_every_call_stands_in_it_once(served, whole, operations):
    found = calls(await served.document())
    routes = {(route.method, route.path) for route in whole.api.routes}
    hot = {(each.method, each.path) for route in whole.hot for each in route.documents}
    assert {(method, path) for method, path, _ in found} == routes | hot
    assert ("GET", "/v1/music/shared/{token}") in hot
    names = [told["operationId"] for _, _, told in found]
    assert len(set(names)) == len(names) == len(operations)
    assert not [told["operationId"] for _, _, told in found if not told["summary"] or not told["tags"]]


async def test_it_is_openapi_3_1_and_all_its_references_lead_somewhere(served):
    document = (await served.document()).whole
    schemathesis.openapi.from_dict(document).validate()
    for ref in set(refs(document)):
        at = document
        for part in ref.removeprefix("#/").split("/"):
            at = at[part]
        assert at


async def test_every_example_fits_its_type_and_its_schema(served, operations):
    document = await served.document()
    for operation in operations:
        if operation.example is not None:
            msgspec.convert(msgspec.to_builtins(operation.example), operation.answers)
    seen = 0
    for _, _, told in calls(document):
        contents = [
            content for response in told["responses"].values() for content in response.get("content", {}).values()
        ]
        contents += told.get("requestBody", {}).get("content", {}).values()
        for content in contents:
            examples = [content["example"]] if "example" in content else []
            examples += [document.example(each) for each in content.get("examples", {}).values()]
            for example in examples:
                document.validator(content["schema"]).validate(example)
                seen += 1
    assert seen > len(operations)


async def test_every_json_answer_has_a_type_and_an_example(operations):
    for operation in operations:
        if "application/json" in operation.media_types and operation.tag != "Reference":
            assert operation.example is not None, operation.name
            assert operation.answers is not None, operation.name


async def test_every_body_that_must_not_be_empty_has_an_example(served):
    for _, _, told in calls(await served.document()):
        for media_type, content in told.get("requestBody", {}).get("content", {}).items():
            if media_type == "application/json" and told["requestBody"]["required"]:
                assert "example" in content, told["operationId"]


async def test_who_needs_a_credential_is_told(served):
    visitor = await served.visitor(follow_redirects=False)
    for method, path, told in calls(await served.document()):
        answer = await visitor.request(method, "/".join("-" if part[:1] == "{" else part for part in path.split("/")))
        needs_one = answer.status_code == 401 and answer.json()["error"]["code"] == "AUTHENTICATION_REQUIRED"
        assert needs_one == bool(told["security"]), f"{method} {path}"


async def said(served, code, answer):
    """An error as it comes, against the example that the document has of that code."""
    error = answer.json()["error"]
    assert error["code"] == code
    examples = (await served.document()).whole["components"]["examples"]
    told = [each["value"]["error"] for name, each in examples.items() if name.startswith(code + ".")]
    same = ("message", "system_message", "type", "status", "details")
    assert {name: error[name] for name in same} in [{name: each[name] for name in same} for each in told]


async def test_the_errors_that_follow_are_those_that_come(served):
    ada = await served.member()
    visitor = await served.visitor()
    lists = f"/v1/music/{ada.who.organization_id}/shares"
    await said(served, "AUTHENTICATION_REQUIRED", await visitor.get(lists))
    await said(served, "INVALID_API_KEY", await visitor.get(lists, headers={"X-API-Key": "sgk_nobody"}))
    await said(served, "TOKEN_INVALID", await visitor.get(lists, headers={"Authorization": "Bearer sgs_nobody"}))
    foreign = await ada.http.get(f"{served.url}/v1/music/org_000000000000/shares")
    await said(served, "ORGANIZATION_ACCESS_DENIED", foreign)
    await said(served, "INVALID_JSON", await ada.http.post("/collections", content=b"{"))
    body = {"name": "One"}
    key = {"Idempotency-Key": f"told-{now_s()}"}
    await ada.http.post("/collections", json=body, headers=key)
    again = await ada.http.post("/collections", json={"name": "Two"}, headers=key)
    await said(served, "IDEMPOTENCY_KEY_REUSED", again)
    await said(
        served, "VALIDATION_ERROR", await ada.http.post("/collections", json=body, headers={"Idempotency-Key": ""})
    )
    async with served.parts.database.transaction() as tx:
        await accounts.disable_user(tx, ada.who.user_id, at=now_s())
    await said(served, "API_KEY_DEACTIVATED", await ada.http.get("/shares"))


async def test_the_session_cookie_is_the_one_that_the_gate_reads(served):
    schemes = (await served.document()).whole["components"]["securitySchemes"]
    gate = accounts.Gate(served.parts.database.reader, None, None, served.parts.public_url)
    assert schemes["Session"]["name"] == gate.cookie


async def test_it_can_be_kept_and_asked_after(served):
    visitor = await served.visitor()
    for path in ("/openapi.json", "/docs"):
        first = await visitor.get(path)
        assert first.status_code == 200
        again = await visitor.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert first.headers["content-encoding"] == "gzip"


async def test_the_page_shows_every_call_and_nothing_of_anybody_else(served):
    document = await served.document()
    answer = await (await served.visitor()).get("/docs")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    page = answer.text
    for _, _, told in calls(document):
        assert page.count(f'id="{told["operationId"]}"') == 1
    for name in document.whole["components"]["schemas"]:
        assert page.count(f'id="shape-{name}"') == 1
    assert "<script" not in page
    assert "style=" not in page
    sources = [part.split('"')[0] for part in page.replace("href=", "src=").split('src="')[1:]]
    assert not [source for source in sources if not source.startswith(("/", "#"))]


async def test_a_path_that_is_nothing_and_a_wrong_method_are_told_in_general(served):
    document = await served.document()
    visitor = await served.visitor()
    wrong = await visitor.post("/v1/health/")
    assert wrong.status_code == 405
    told = document.whole["components"]["responses"]["WrongMethod"]["content"]["application/json"]
    document.validator(told["schema"]).validate(wrong.json())
