"""Pages: templates that escape everything, and static files under names that change with their content."""

from segue.web.assets import Assets
from segue.web.templates import Templates

__all__ = ["Assets", "Templates"]
