"""How well urgent wording is recognised: ``python -m benchmarks.safety [FILE…]``.

Judges files of safety tests (the form of ``corpus/safety-tests``) and prints recall by rule and level, false messages
by filter, and the time that a message takes. Without files: those that were set aside while the rules were written.
"""

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import bot
from bot.rehearsal import Outcome, Raising, run
from bot.safety import Safety
from bot.safety_tests import read_safety_tests

HERE = Path(__file__).resolve().parent
HELD_OUT = HERE / "safety_held_out.jsonl"


def share(part: int, whole: int) -> str:
    """``part`` of ``whole`` as a share and as counts.

    >>> share(3, 4)
    '0.750 (3/4)'
    """
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "-"


def told(outcomes: Sequence[Outcome]) -> list[str]:
    """The figures over messages that must raise something, and over those that must not."""
    must = [one for one in outcomes if one.test.level]
    quiet = [one for one in outcomes if not one.test.level]
    emergencies = [one for one in must if one.test.level == "emergency"]
    rows = {
        "emergencies that raise an emergency": (sum(one.passed for one in emergencies), len(emergencies)),
        "any message where one is due": (sum(bool(one.raised) for one in must), len(must)),
        "the right level or a more urgent one": (sum(one.passed for one in must), len(must)),
        "false emergencies": (sum(one.level == "emergency" for one in quiet), len(quiet)),
        "false messages of any level": (sum(bool(one.raised) for one in quiet), len(quiet)),
    }
    return [f"{name:38} {share(*counts)}" for name, counts in rows.items()]


def by_group(outcomes: Iterable[Outcome]) -> list[str]:
    """How many pass, by the rule that is due or by the filter that must hold."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[one.test.rule or f"none: {one.test.notes.get('filter', 'any')}"].append(one)
    return [
        f"{name:28} {share(sum(one.passed for one in group), len(group))}" for name, group in sorted(groups.items())
    ]


def milliseconds(raised: Raising, outcomes: Sequence[Outcome]) -> str:
    """The median and the longest time of a message, each the best of three."""
    times = []
    for one in outcomes:
        best = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            raised(one.test.text, one.test.context)
            best = min(best, time.perf_counter() - started)
        times.append(best * 1000)
    return f"{statistics.median(times):.2f} ms a message (median), {max(times):.2f} ms the longest"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[HELD_OUT])
    parser.add_argument("--corpus", type=Path, default=HERE.parent / "corpus")
    parser.add_argument("--rules-alone", action="store_true", help="without the likeness to the examples")
    parser.add_argument("--failures", action="store_true", help="list each message that fails")
    options = parser.parse_args()
    answerer = bot.build(options.corpus)
    rules = answerer.corpus.safety
    if rules is None:
        parser.error(f"{options.corpus} has its safety messages switched off")
    raised = Safety(rules).raised if options.rules_alone else answerer.raised
    outcomes = run(raised, [test for path in options.files for test in read_safety_tests(path)])
    print("\n".join([*told(outcomes), "", *by_group(outcomes), "", milliseconds(raised, outcomes)]))
    if options.failures:
        print("\n" + "\n".join(str(one) for one in outcomes if not one.passed))


if __name__ == "__main__":
    main()
