"""Signing in by password, sessions, and signing out."""
