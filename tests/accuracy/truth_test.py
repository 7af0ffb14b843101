#!/usr/bin/env python3
"""The programs find what is known to be in the corpus's repositories and images.

truth_test.py AGENT ANALYZER; LANDWAITER_CORPUS names the corpus, without which
it is skipped. Every difference has to be explained in differences.tsv, and
every explanation has to be of a difference. --table prints the table of
docs/accuracy.md.
"""

import collections
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77

try:
    import trivy_truth as truth
except ImportError:
    print("skipped: python3-yaml is not installed")
    sys.exit(SKIPPED)


def run(*command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True,
                          check=False, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{command} failed: {done.stderr}")
    return done.stdout


class Programs:
    def __init__(self, agent, analyzer, advisories, cache):
        self.agent, self.analyzer = agent, analyzer
        self.cache = cache
        self.advisories = [f"--advisories={feed}" for feed in advisories]

    def inspect(self, folder):
        return run(self.agent, "inspect", f"dir:{folder}", "--format", "json")

    def match(self, inventory):
        result = json.loads(run(
            self.analyzer, "match", "--inventory", "-", "--format", "json",
            "--cache-dir", str(self.cache), *self.advisories,
            stdin=inventory))
        return {truth.key_of(f["package"], f["installedVersion"], f["id"]):
                f.get("fixedVersion", "") for f in result["findings"]}


def cases(corpus, programs, scratch):
    """(name, kind, found, expected)"""
    golden = corpus / "golden"

    def expected(name):
        return truth.load(golden / f"{name}.json.golden")

    for name, folder in sorted(truth.REPOSITORIES.items()):
        inventory = programs.inspect(truth.repository(corpus, folder, scratch))
        yield name, "repository", programs.match(inventory), truth.expected(
            expected(name))
    for name in truth.IMAGES:
        inventory = truth.image_inventory(expected(name))
        yield name, "image", programs.match(
            json.dumps(inventory)), truth.expected(expected(name))
    for name, of in sorted(truth.SBOMS.items()):
        sbom = truth.load(corpus / "fixtures" / "sbom" / f"{name}.json")
        yield name, "list of packages", programs.match(json.dumps(
            truth.sbom_inventory(sbom))), truth.expected(expected(of))


def differences(name, found, expected):
    for key in sorted(set(expected) - set(found)):
        yield (name, "missing", *key)
    for key in sorted(set(found) - set(expected)):
        yield (name, "more", *key)
    for key in sorted(set(found) & set(expected)):
        fixes = [f.lstrip(">=< v") for f in expected[key].split(", ")]
        if found[key].removeprefix("v") not in fixes:
            yield (name, "fix", *key)


def percent(part, whole):
    return "-" if whole == 0 else f"{100 * part / whole:.1f} %"


def print_table(rows):
    print("| from | as | findings | of those right | known | of those found |")
    print("|---|---|---|---|---|---|")
    for name, kind, found, expected in rows:
        both = len(set(found) & set(expected))
        print(f"| {name} | {kind} | {len(found)} | "
              f"{percent(both, len(found))} | {len(expected)} | "
              f"{percent(both, len(expected))} |")


def explained():
    path = pathlib.Path(__file__).parent / "differences.tsv"
    with open(path, encoding="utf-8") as lines:
        return {tuple(row[:5]): row[5]
                for row in csv.reader((l for l in lines if l[0] != "#"),
                                      delimiter="\t")}


def main():
    if "LANDWAITER_CORPUS" not in os.environ:
        print("skipped: LANDWAITER_CORPUS is not set")
        return SKIPPED
    corpus = truth.corpus_of(os.environ["LANDWAITER_CORPUS"])
    agent, analyzer, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        feeds = truth.write_advisories(corpus / "db", folder)
        programs = Programs(agent, analyzer, feeds, folder / "cache")
        rows = list(cases(corpus, programs, folder))
    if "--table" in options:
        print_table(rows)
    known = explained()
    seen = {d for name, _, found, expected in rows
            for d in differences(name, found, expected)}
    for difference in sorted(seen - set(known)):
        print("not explained:", "\t".join(difference))
    for difference in sorted(set(known) - seen):
        print("no difference any more:", "\t".join(difference))
    total = collections.Counter()
    for _, _, found, expected in rows:
        total["found"] += len(found)
        total["known"] += len(expected)
        total["both"] += len(set(found) & set(expected))
    print(f"{total['both']} of {total['known']} known findings found; "
          f"{total['found']} found")
    # An empty corpus would agree with everything.
    return 1 if seen ^ set(known) or total["both"] < 80 else 0


if __name__ == "__main__":
    sys.exit(main())
