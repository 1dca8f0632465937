"""Asks whether a package that Citewell runs on is known to be vulnerable; tells "none" from "nobody could be asked".

Run by the Python that pip-audit is installed for: ``make audit``. pip-audit itself reports a service that has never
heard of a package, such as a mirror of the index, as "no known vulnerabilities". Exit codes: 0 none, or skipped with a
word; 1 found; 2 the list of packages cannot be read.
Source: https://google.github.io/osv.dev/post-v1-query/
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).resolve().parent.parent / "requirements" / "run.txt"
FOUND, UNREADABLE = 1, 2

Report = dict[str, list[dict[str, object]]]


def main() -> int:
    """Say what was found."""
    parser = argparse.ArgumentParser(description="Known vulnerabilities of the packages that Citewell runs on.")
    parser.add_argument("--osv-url", default="https://api.osv.dev/v1/query", help="where to ask [%(default)s]")
    parser.add_argument("--requirement", default=str(LIST), help="the packages [%(default)s]")
    given = parser.parse_args()
    read = ["--requirement", given.requirement, "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    dry = _pip_audit([*read, "--dry-run"])
    if dry.returncode:
        print(f"audit: {given.requirement} cannot be read:\n{dry.stderr}", file=sys.stderr)
        return UNREADABLE
    asked = _pip_audit([*read, "--vulnerability-service", "osv", "--osv-url", given.osv_url, "--format", "json"])
    try:
        report: Report = json.loads(asked.stdout)
    except ValueError:  # nothing was printed: the only thing that is left to fail is the service
        print(f"audit: skipped, {given.osv_url} did not answer: {_last_line(asked.stderr)}")
        return 0
    return _say(report)


def _pip_audit(arguments: list[str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pip_audit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments


def _say(report: Report) -> int:
    packages = report["dependencies"]
    vulnerable = [package for package in packages if package.get("vulns")]
    unasked = [str(package["name"]) for package in packages if "vulns" not in package]
    for package in vulnerable:
        for known in package["vulns"]:  # type: ignore[attr-defined] # JSON
            mended = ", ".join(known["fix_versions"]) or "no version yet"
            print(f"audit: {package['name']} {package['version']}: {known['id']}, mended in {mended}")
    if vulnerable:
        return FOUND
    if unasked or not packages:
        print(f"audit: skipped, nothing is known about {', '.join(unasked) or 'anything'}")
        return 0
    print(f"audit: none of {len(packages)} packages is known to be vulnerable")
    return 0


def _last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "no word"


if __name__ == "__main__":
    sys.exit(main())
