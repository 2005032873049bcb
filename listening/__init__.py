"""Ten pieces of the built-in engine, measured and drawn for people who judge: `make listening`."""
