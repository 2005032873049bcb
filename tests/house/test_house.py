"""The law of the house: floors, front doors, kinds of files, sizes, and words that are never used for a file."""

import ast
import re
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "segue"
ROOT = SRC.parents[1]

# From the ground up. A room may import the rooms on lower floors; on floor 1 those that stand to its left.
FLOORS = (
    ("errors", "limits", "access", "ids", "clock", "settings", "sandbox"),
    ("ratelimit", "http", "blobs", "database", "audio", "audit", "jobs", "changes", "web"),
    ("licences", "accounts"),
    ("tracks",),
    ("playback", "engines", "spending"),
    ("library", "collections", "generations"),
    ("shares", "focus"),
    ("operations", "reference"),
    ("app",),
    ("cli",),
    ("__main__",),
)
ORDERED = frozenset(
    {
        "ratelimit",
        "http",
        "blobs",
        "database",
        "audio",
        "audit",
        "jobs",
        "changes",
        "web",
        "library",
        "collections",
        "generations",
    }
)
FLOOR = {room: number for number, floor in enumerate(FLOORS) for room in floor}
NEVER = {"service", "services", "manager", "utils", "util", "helpers", "helper", "common", "base", "misc"}
FILES = sorted(path for path in SRC.rglob("*.py") if "migrations" not in path.parts)


def room_of(path: Path) -> str:
    inside = path.relative_to(SRC)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(path: Path) -> list[tuple[str, ast.AST]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "segue":
            found += [(f"segue.{alias.name}", node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "", node))
        elif isinstance(node, ast.Import):
            found += [(alias.name, node) for alias in node.names]
    return found


def may_import(room: str, other: str) -> bool:
    if FLOOR[other] != FLOOR[room]:
        return FLOOR[other] < FLOOR[room]
    floor = FLOORS[FLOOR[room]]
    if FLOOR[room] == 0:
        return True  # the ground is one floor without rooms; cycles would not even import
    return room in ORDERED and floor.index(other) < floor.index(room)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_imports_go_down_and_through_front_doors(path):
    room = room_of(path)
    if path == SRC / "__init__.py":
        return
    for module, _ in imports(path):
        if not module.startswith("segue."):
            continue
        parts = module.split(".")
        if parts[1] == room:
            continue
        assert parts[1] in FLOOR, f"{parts[1]} stands on no floor"
        assert may_import(room, parts[1]), f"{room} may not import {parts[1]}"
        assert len(parts) == 2, f"{module}: through the front door only"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_no_import_hides_in_a_function(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [child for child in ast.walk(node) if isinstance(child, ast.Import | ast.ImportFrom)]
            assert not inner, f"{path.name}: import inside {node.name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_files_and_functions_have_their_size_and_their_sentence(path):
    text = path.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a file opens with what it owns"
    assert text.count("\n") <= 400
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 70, node.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_no_file_is_named_for_a_role(path):
    assert path.stem not in NEVER
    assert path.parent.name not in NEVER


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_pure_files_are_pure(path):
    tree = ast.parse(path.read_text())
    if not (ast.get_docstring(tree) or "").startswith("Pure."):
        return
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Await | ast.AsyncFunctionDef), "values in, values out"
        if isinstance(node, ast.Name):
            assert node.id not in {"open", "print", "input"}
    modules = {module.split(".")[0] for module, _ in imports(path)}
    assert not modules & {"asyncio", "time", "random", "secrets", "os", "socket", "sqlite3", "subprocess", "sqlalchemy"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_only_stores_and_plumbing_speak_sql(path):
    speaks = {
        module for module, _ in imports(path) if module.split(".")[0] in {"sqlalchemy", "sqlite3", "asyncpg", "alembic"}
    }
    if speaks:
        assert path.name in {"store.py", "tables.py", "table.py"} or room_of(path) in {"database", "audit"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_only_http_and_the_wiring_know_the_server(path):
    for module, _ in imports(path):
        if module.split(".")[0] == "granian":
            assert room_of(path) in {"http", "app"}


def test_every_room_stands_on_a_floor():
    rooms = {room_of(path) for path in FILES} - {"__init__"}
    assert rooms == set(FLOOR)


def test_every_front_door_says_what_it_shows():
    for door in SRC.glob("*/__init__.py"):
        assert "__all__" in door.read_text(), door.parent.name


def test_the_project_stands_alone():
    """No path of the machine it was written on, and nothing outside its own tree."""
    foreign = re.compile(r"/work/|\.\./shared|/root/|/tmp/")
    for path in ROOT.rglob("*"):
        if path.suffix in {".py", ".md", ".toml", ".html", ".css", ".js"} or path.name in {"Makefile", "run"}:
            inside = path.relative_to(ROOT)
            if inside.parts[0] in {".venv", ".git"} or inside.name == "test_house.py":
                continue
            assert not foreign.search(path.read_text()), inside
