"""Generations: pieces that people have made, from the wish to the track."""

from segue.generations.cancel import cancel
from segue.generations.endpoints import ENDPOINTS, Wake, engine_of
from segue.generations.make import Piece, make
from segue.generations.request import LANE_PREFIX, RENDER_JOB, Once, Policy, afford, request
from segue.generations.rules import Status, cost_chf_e4, prices_of
from segue.generations.store import Generation, find, last_ended
from segue.generations.tables import generations
from segue.generations.wishes import Wish, brief_of, check_wish, title_of
from segue.generations.work import Workshop

__all__ = [
    "ENDPOINTS",
    "LANE_PREFIX",
    "RENDER_JOB",
    "Generation",
    "Once",
    "Piece",
    "Policy",
    "Status",
    "Wake",
    "Wish",
    "Workshop",
    "afford",
    "brief_of",
    "cancel",
    "check_wish",
    "cost_chf_e4",
    "engine_of",
    "find",
    "generations",
    "last_ended",
    "make",
    "prices_of",
    "request",
    "title_of",
]
