"""The nets' weights: out of the pinned mediapipe wheel, converted to ONNX. Needs onnx and tflite."""
