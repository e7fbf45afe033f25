"""Our own copies of product pictures."""

from pathlib import Path


class PictureStore:
    """A folder of `<sha256>.jpg`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
