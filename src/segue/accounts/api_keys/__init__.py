"""A person's own API keys over HTTP."""
