"""Members of organizations, their roles, and invitations."""
