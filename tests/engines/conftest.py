from factories.server import served

__all__ = ["served"]
