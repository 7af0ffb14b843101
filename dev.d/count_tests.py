#!/usr/bin/env python3
"""Counts test cases: count_tests.py REPORT_DIR...

Each folder holds ctest.xml (CTest's JUnit file) and, beside it, what the
GoogleTest programs wrote of their own cases. Prints the failed cases and
"N passed, N failed, N skipped"; exits with 1 if any failed.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def read(path):
    try:
        return ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return None


def google_test_cases(root):
    """Yields (name, outcome) of a GoogleTest report."""
    for suite in root.iter("testsuite"):
        for case in suite.iter("testcase"):
            name = f"{suite.get('name')}.{case.get('name')}"
            if case.find("failure") is not None:
                yield name, "failed"
            elif case.get("result") == "skipped" or (
                    case.find("skipped") is not None):
                yield name, "skipped"
            else:
                yield name, "passed"


def program_cases(directory, case):
    """Yields (name, outcome) of one CTest test."""
    name = case.get("name")
    status = case.get("status")
    report = read(directory / f"{name}.xml")
    cases = list(google_test_cases(report)) if report is not None else []
    yield from ((f"{name}: {each}", outcome) for each, outcome in cases)
    failed = status not in ("run", "notrun") or case.find("failure") is not None
    if failed and not any(outcome == "failed" for _, outcome in cases):
        # It crashed, hung or could not be started.
        yield name, "failed"
    elif not cases:
        skipped = case.find("skipped") is not None or status == "notrun"
        yield name, "skipped" if skipped else "passed"


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for directory in map(pathlib.Path, sys.argv[1:]):
        root = read(directory / "ctest.xml")
        if root is None:
            print(f"FAILED {directory}: CTest left no report")
            counts["failed"] += 1
            continue
        for case in root.iter("testcase"):
            for name, outcome in program_cases(directory, case):
                counts[outcome] += 1
                if outcome == "failed":
                    print(f"FAILED {directory.name}: {name}")
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    if counts["skipped"]:
        line += f", {counts['skipped']} skipped"
    print(line)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
