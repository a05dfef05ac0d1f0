"""The performer's face: where the head is, where the eyes look, and the face as ARKit's 52 weights."""
