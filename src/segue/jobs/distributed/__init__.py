"""The queue across machines: procrastinate in the PostgreSQL that everything else lies in.

`store` puts jobs in and asks about them through our own connections. `engine` works them; it brings in procrastinate
and its driver, and so is imported by name, and only where PostgreSQL is used.
"""

__all__: list[str] = []
