"""The built-in engine: music composed by rules and played by our own synthesis."""
