"""A model that runs on this machine: where it lies, whether it can be loaded, and how it is loaded.

It is a folder, loaded without asking anybody; a model of the Hugging Face hub is fetched only if the operator says so.
Weights are read as safetensors only, and no code that lies beside them is run.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog

from segue.engines.adapters import terms
from segue.engines.adapters.options import Options
from segue.engines.endings import EngineFailed

_log = structlog.get_logger()

OPTIONS = ("model", "hub", "revision", "checkpoint", "device", *terms.STATING)

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_DEVICE = r"auto|cpu|mps|cuda(:[0-9]{1,2})?"
_REVISION = r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}"
_CHECKPOINT = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"


class LocalModel:
    """The model that the options name, as `name` is called to users. `index` is a file that every such folder holds.

    `packages` are what loading it imports. The checkpoint is what its licence hangs on: the operator names it for a
    folder, which may hold anything; a model of the hub is known by its id, under one of `publishers`.
    """

    def __init__(
        self, options: Options, name: str, *, index: str, packages: Collection[str], publishers: Collection[str]
    ) -> None:
        self.name = name
        self._engine_key = options.engine_key
        self._packages = tuple(packages)
        self._index = index
        self._model = options.text("model") or ""
        self._hub = options.yes("hub")
        self._revision = options.matching("revision", _REVISION, "a revision of a model on the hub")
        self._device = options.matching("device", _DEVICE, "auto, cpu, mps, cuda or such as cuda:1", "auto") or "auto"
        named = options.matching("checkpoint", _CHECKPOINT, "the name of a checkpoint")
        self.checkpoint = named or self._checkpoint_of_hub(publishers)

    def obstacle(self, fault: str | None) -> str | None:
        """What keeps the model from being loaded. `fault` is what is wrong with the options, which comes after the
        packages: without them no option helps.
        """
        missing = [package for package in self._packages if find_spec(package) is None]
        if missing:
            return f"Install segue[neural] to use {self.name}: {', '.join(missing)} cannot be found."
        return fault or self._not_there()

    def library(self, name: str) -> Any:
        """One of the packages. It draws no progress bars: nobody looks at this process's terminal."""
        found = import_module(name)
        import_module(f"{name}.utils.logging").disable_progress_bar()
        return found

    def load(self, kind: Any, **more: Any) -> Any:
        """What `from_pretrained` of the kind returns. Raises `EngineFailed` when it is damaged or another kind."""
        source: dict[str, Any] = {"local_files_only": not self._hub}
        if self._hub and self._revision:
            source["revision"] = self._revision
        try:
            with self.running():
                return kind.from_pretrained(self._model, **source, **more)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError):
            _log.exception("a model cannot be loaded", engine=self._engine_key)
        raise EngineFailed(f"The model behind {self.name} cannot be loaded on this server.")

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the model works: that there is not enough memory for it is no fault of its own."""
        try:
            yield
        except (RuntimeError, MemoryError) as error:
            if not isinstance(error, MemoryError) and "out of memory" not in str(error).casefold():
                raise
        else:
            return
        raise EngineFailed(f"This server has not enough memory for this piece with {self.name}.")

    def device(self) -> str:
        """Where the model runs."""
        if self._device != "auto":
            return self._device
        return "cuda" if import_module("torch").cuda.is_available() else "cpu"

    def made_by(self) -> str:
        """The exact name for the record: the checkpoint with its revision, or with a hash of what the folder holds."""
        name = self.checkpoint or (self._model if self._hub else Path(self._model).name)
        revision = (self._revision or "main") if self._hub else fingerprint(Path(self._model))
        return f"{name[:128]} {revision}"

    def _checkpoint_of_hub(self, publishers: Collection[str]) -> str:
        publisher, _, checkpoint = self._model.partition("/")
        return checkpoint if self._hub and publisher in publishers else ""

    def _not_there(self) -> str | None:
        option = f"{self._engine_key}.model in SEGUE_ENGINE_OPTIONS"
        if not self._model:
            return f"Set {option} to the folder of a model for {self.name}."
        if self._hub:
            return None if _HUB_ID.fullmatch(self._model) else f"{option} must be the id of a model on the hub."
        folder = Path(self._model)
        if not folder.is_absolute():
            return f"{option} must be the whole path of a folder, or {self._engine_key}.hub must be yes."
        return None if (folder / self._index).is_file() else f"{option} must be a folder with a model for {self.name}."


def fingerprint(folder: Path) -> str:
    """Twelve digits that change with any setting of the model and with the size of any file: quick, not a proof."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        if path.suffix == ".json":
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
