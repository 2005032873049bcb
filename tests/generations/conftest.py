from factories.atelier import atelier

__all__ = ["atelier"]
