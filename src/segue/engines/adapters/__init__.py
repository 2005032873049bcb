"""Engines that are other people's models, driven over HTTP or in this process. Each module makes one of a `Setup`."""
