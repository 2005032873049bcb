"""What an operator does: set an installation up, open it, look after it."""

from segue.operations.cap import OrganizationCaps, cap
from segue.operations.compose import compose, compose_to
from segue.operations.demo import DemoLink, demo
from segue.operations.doctor import Checked, look_over
from segue.operations.endpoints import ENDPOINTS
from segue.operations.health import Health
from segue.operations.init import initialise
from segue.operations.installation import Installation, open_installation
from segue.operations.layout import Layout
from segue.operations.local import Local, local
from segue.operations.sweep import Swept, sweep
from segue.operations.users import disable, set_password
from segue.operations.workshop import engines_of, lanes_of, policy_of, workshop

__all__ = [
    "ENDPOINTS",
    "Checked",
    "DemoLink",
    "Health",
    "Installation",
    "Layout",
    "Local",
    "OrganizationCaps",
    "Swept",
    "cap",
    "compose",
    "compose_to",
    "demo",
    "disable",
    "engines_of",
    "initialise",
    "lanes_of",
    "local",
    "look_over",
    "open_installation",
    "policy_of",
    "set_password",
    "sweep",
    "workshop",
]
