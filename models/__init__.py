"""Frames to landmarks: weights and their conversion, ONNX sessions, tracking."""
