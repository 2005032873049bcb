"""Segue: a self-hosted Music Studio server. The package itself exports nothing but its version."""

__version__ = "0.1.0"
