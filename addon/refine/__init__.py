"""Refining: what the user knows better than the nets."""
