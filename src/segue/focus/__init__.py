"""Focus: sessions that keep playing, cut into segments that fade into each other."""

from segue.focus.endpoints import ENDPOINTS
from segue.focus.plan import Goal, Plan, cut, wish_of
from segue.focus.tables import focus_segments, focus_sessions

__all__ = ["ENDPOINTS", "Goal", "Plan", "cut", "focus_segments", "focus_sessions", "wish_of"]
