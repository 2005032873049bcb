"""Pure. The ways in which a rendering ends without music, as an engine says them."""


class EngineFailed(Exception):  # noqa: N818 - named for what happened
    """It could not be made. One sentence that the user who asked for it understands: no paths, no codes, no secrets."""


class EngineRefused(Exception):  # noqa: N818 - named for what happened
    """It is not made, for a reason in what was asked: one sentence for the user."""


class Stopped(Exception):  # noqa: N818 - named for what happened
    """It was cancelled, and the engine has stopped: by itself, or `by_force` when it did not."""

    def __init__(self, *, by_force: bool = False) -> None:
        super().__init__()
        self.by_force = by_force
