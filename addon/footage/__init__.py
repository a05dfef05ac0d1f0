"""Footage: which video, which part of it, whom to follow; and tracking it."""
