"""Whether the lock files still say what pyproject.toml asks for, and name no package index.

Compiles again, starting from the pins there are: a lock in date comes out unchanged.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = {
    "requirements-dev.txt": ["--extra", "dev"],
    "requirements.txt": ["-c", "requirements-dev.txt"],
    "requirements-bench.txt": ["--extra", "bench", "-c", "requirements-dev.txt"],
}
COMPILE = ["uv", "pip", "compile", "-q", "pyproject.toml", "--universal", "--python-version", "3.11"]
STYLE = ["--generate-hashes", "--no-header"]


def main() -> int:
    """Check each lock file and say what to do about the first that is stale."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("pyproject.toml", *LOCKS):
            shutil.copy(ROOT / name, folder)
        for name, options in LOCKS.items():
            uv = str(Path(sys.executable).with_name("uv"))
            subprocess.run([uv, *COMPILE[1:], *options, *STYLE, "-o", name], cwd=folder, check=True)
            if (Path(folder) / name).read_text() != (ROOT / name).read_text():
                sys.stderr.write(f"{name} is not what pyproject.toml asks for. Run: make lock\n")
                return 1
            if re.search(r"https?://|--(extra-)?index[-]url", (ROOT / name).read_text()):
                sys.stderr.write(f"{name} names a package index. Run: make lock\n")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
