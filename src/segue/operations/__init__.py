"""What an operator does: set an installation up, open it, look after it."""

from segue.operations.demo import DemoLink, demo
from segue.operations.init import initialise
from segue.operations.installation import Installation, open_installation
from segue.operations.layout import Layout
from segue.operations.local import Local, local

__all__ = ["DemoLink", "Installation", "Layout", "Local", "demo", "initialise", "local", "open_installation"]
