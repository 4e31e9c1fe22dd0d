"""`python -m benchmarks.answers` prints the figures; `python -m benchmarks.answers fit` fits the confidence first."""

import sys

from benchmarks.answers.measuring import measure


def main() -> None:
    if sys.argv[1:] == ["fit"]:
        # numpy is a development dependency: measuring must work without it.
        from benchmarks.answers.fitting import fit  # noqa: PLC0415 - see above

        print(f"wrote {fit()}")
    elif sys.argv[1:]:
        sys.exit("usage: python -m benchmarks.answers [fit]")
    else:
        print("\n".join(measure()))


if __name__ == "__main__":
    main()
