"""The command line, one command a file; Blender is loaded by `retarget` and `demo` alone."""
