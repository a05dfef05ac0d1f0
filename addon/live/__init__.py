"""A character that follows the camera while it runs: the worker's poses, put on the rig from a timer."""
