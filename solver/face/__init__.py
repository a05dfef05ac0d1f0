"""The performer's face: where the head is, where the eyes look, and what the face does as ARKit's 52 weights."""
