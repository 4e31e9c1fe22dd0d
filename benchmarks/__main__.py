"""`python -m benchmarks`: what we claim about speed and about answers, each printed by its own program."""

import subprocess
import sys
from pathlib import Path

NAMES = ("replies", "answers", "start")
"""In the order of docs/benchmarks.md; without `failover`, `broadcast` and `opportunities`, which take minutes."""


def main() -> None:
    root = Path(__file__).parents[1]
    failures = 0
    for name in NAMES:
        print(f"== python -m benchmarks.{name}\n", flush=True)
        # Processes of their own: what one has imported or kept warm must not help the next.
        program = [sys.executable, "-m", f"benchmarks.{name}"]
        failures += bool(subprocess.run(program, cwd=root, check=False).returncode)  # noqa: S603 -- our own programs
        print(flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
