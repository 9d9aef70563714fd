"""The register with 20 000 facilities: figures of this machine beside their aims. The same as ``boget bench register``."""

from __future__ import annotations

import argparse

from boget.portal.registry.benchmark import AIMS, run_benchmark


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="facilities to invent")
    figures = run_benchmark(parser.parse_args().count)
    for name, value in figures.items():
        if name in AIMS:
            aim, is_more_better = AIMS[name]
            sign, verdict = "≥" if is_more_better else "≤", "MISSED" if name in figures["missed"] else "met"
            print(f"{name:28} {value:>10} {sign} {aim:<6} {verdict}")


if __name__ == "__main__":
    main()
