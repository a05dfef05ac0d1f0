"""The character's side of a face: which of its shape keys and bones show which of ARKit's 52 shapes."""
