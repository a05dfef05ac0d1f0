"""What `build.py zip` needs: the pinned wheels and the extension's zip. Standard library only."""
