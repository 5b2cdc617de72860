from pathlib import Path

from .files import written

if __name__ == "__main__":
    folder = Path(__file__).resolve().parent.parent / "data" / "files"
    for name, text in written().items():
        (folder / name).write_text(text, encoding="utf-8")
