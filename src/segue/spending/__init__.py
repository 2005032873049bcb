"""Spending: what generations cost whom on which day, and the caps that the operator sets for an organization."""

from segue.spending.caps import Wish, check, set_caps
from segue.spending.endpoints import ENDPOINTS
from segue.spending.money import chf, chf_e4_of, chf_text
from segue.spending.record import give_back, record, spend
from segue.spending.tables import spend_caps, spend_days
from segue.spending.windows import Window

__all__ = [
    "ENDPOINTS",
    "Window",
    "Wish",
    "check",
    "chf",
    "chf_e4_of",
    "chf_text",
    "give_back",
    "record",
    "set_caps",
    "spend",
    "spend_caps",
    "spend_days",
]
