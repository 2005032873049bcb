"""Budgets per client network, counted by the generic cell rate algorithm in this process."""

from segue.ratelimit.gcra import Gcra
from segue.ratelimit.networks import client_network

__all__ = ["Gcra", "client_network"]
