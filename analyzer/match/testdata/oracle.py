"""An independent matcher for the test of the corpus's feeds.

usage: oracle.py deb FEED.zip ECOSYSTEM TRUTH.tsv OUT   (Debian, Ubuntu)
       oracle.py rpm FEED.zip ECOSYSTEM RPMS.tsv OUT    (AlmaLinux)

Makes an inventory of real package names, some with their real versions, some
with versions that advisories of the feed name or that lie just below them, and
says which findings there must be. Versions are compared by dpkg and by rpm
themselves. Writes OUT/inventory.json and OUT/expected.tsv (CVE, or advisory if
it names none; package, installed version, fixed version).
"""

import collections
import csv
import json
import random
import re
import subprocess
import sys
import zipfile


def flaws_of(record):
    """The CVEs that the record is about, else the record itself."""
    ids = [record["id"], *(record.get("aliases") or []),
           *(record.get("upstream") or [])]
    cves = {m for i in ids for m in re.findall(r"CVE-\d+-\w+$", i)}
    related = [i for i in record.get("related") or [] if i.startswith("CVE-")]
    if not cves and not related and re.match("..[BE]A-", record["id"]):
        return []  # mends or adds something
    return sorted(cves or set(related)) or [record["id"]]


def is_kernel_header(package):
    """Has nothing of a kernel's flaws, though it is built from its source."""
    return package["type"] == "deb" and (
        package["sourceName"].startswith("linux")
        and (package["name"] == "linux-libc-dev"
             or "-headers" in package["name"]))


def read_feed(path, ecosystem):
    """{package: [(advisory, flaws, summary, [(introduced, fixed)])]}"""
    found = collections.defaultdict(list)
    with zipfile.ZipFile(path) as feed:
        for name in sorted(feed.namelist()):
            record = json.loads(feed.read(name))
            for affected in record.get("affected", []):
                if affected["package"]["ecosystem"] != ecosystem:
                    continue
                ranges = []
                for r in affected["ranges"]:
                    events = {k: v for e in r["events"] for k, v in e.items()}
                    assert set(events) <= {"introduced", "fixed"}, events
                    assert len(events) == len(r["events"]), r
                    ranges.append((events["introduced"], events.get("fixed")))
                found[affected["package"]["name"]].append(
                    (record["id"], flaws_of(record),
                     record.get("summary", ""), ranges))
    return found


class DpkgOrder:
    def __init__(self):
        self.known = {}

    def less(self, a, b):
        if (a, b) not in self.known:
            self.known[a, b] = subprocess.run(
                ["dpkg", "--compare-versions", a, "lt", b],
                stderr=subprocess.DEVNULL).returncode == 0
        return self.known[a, b]

    def prepare(self, pairs):
        pass


class RpmOrder:
    """Asks one rpm process for all pairs of epoch, version and release."""

    def __init__(self, folder):
        self.file = folder + "/pairs"
        self.known = {}

    @staticmethod
    def split(evr):
        epoch, _, rest = evr.rpartition(":")
        version, _, release = rest.partition("-")
        return epoch or "0", version, release

    def prepare(self, pairs):
        parts = sorted({p for a, b in pairs
                        for p in zip(self.split(a), self.split(b))})
        with open(self.file, "w") as out:
            out.writelines("%s %s\n" % p for p in parts)
        script = ('%%{lua: for l in io.lines("%s") do '
                  'local a, b = l:match("(%%S+) (%%S+)"); '
                  'print(rpm.vercmp(a, b) .. "\\n") end}' % self.file)
        answer = subprocess.run(["rpm", "--eval", script], check=True,
                                capture_output=True, text=True).stdout.split()
        assert len(answer) == len(parts), (len(answer), len(parts))
        self.known = dict(zip(parts, map(int, answer)))

    def less(self, a, b):
        for pair in zip(self.split(a), self.split(b)):
            if self.known[pair] != 0:
                return self.known[pair] < 0
        return False


def deb_packages(path):
    with open(path) as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["status"] == "installed":
                yield {"type": "deb", "name": row["package"],
                       "version": row["version"],
                       "sourceName": row["source"],
                       "sourceVersion": row["source_version"]}


def rpm_packages(path):
    with open(path) as lines:
        rows = csv.DictReader((l for l in lines if not l.startswith("#")),
                              delimiter="\t")
        for row in rows:
            if row["name"] == "gpg-pubkey":
                continue
            epoch = row["epoch"] + ":" if row["epoch"] not in ("", "0") else ""
            package = {"type": "rpm", "name": row["name"],
                       "version": epoch + row["version"] + "-" + row["release"],
                       "sourceName": row["name"], "sourceVersion": "0"}
            if row["modularitylabel"]:
                package["module"] = row["modularitylabel"]
            yield package


def vary(packages, feed, subject, rng):
    """Gives some packages versions at and around those of the feed."""
    key, field = subject
    for package in packages:
        fixes = [fixed for *_, ranges in feed.get(package[key], [])
                 for _, fixed in ranges if fixed]
        if fixes and rng.random() < 0.7 and "module" not in package:
            version = rng.choice(sorted(fixes))
            if ".module" in version:
                continue
            package[field] = version + rng.choice(["", "~", "+1"])
            package["version"] = package[field]


def stream_matches(package, summary, fixed):
    """A module's build is compared with builds for its stream alone."""
    installed = "module" in package or ".module" in package["version"]
    if fixed is None:
        return True
    if installed != (".module" in fixed):
        return False
    named = re.findall(r"(?:^|[ ,])([\w.+-]+:[\w.+-]+)(?=[ ,]|$)", summary)
    if not named or "module" not in package:
        return True
    return ":".join(package["module"].split(":")[:2]) in named


def main():
    kind, feed_path, ecosystem, truth, out = sys.argv[1:]
    rng = random.Random(7)
    feed = read_feed(feed_path, ecosystem)
    if kind == "deb":
        subject, order = ("sourceName", "sourceVersion"), DpkgOrder()
        packages = list(deb_packages(truth))
    else:
        subject, order = ("name", "version"), RpmOrder(out)
        packages = list(rpm_packages(truth))
    vary(packages, feed, subject, rng)

    checks = []
    for package in packages:
        if is_kernel_header(package):
            continue
        for advisory, flaws, summary, ranges in feed.get(package[subject[0]],
                                                         []):
            for introduced, fixed in ranges:
                assert introduced == "0", introduced
                if kind == "rpm" and not stream_matches(package, summary,
                                                        fixed):
                    continue
                checks.append((package, advisory, flaws, fixed))
    order.prepare([(p[subject[1]], fixed) for p, *_, fixed in checks if fixed])

    # Of an advisory's fixes the least is on the package's branch; of several
    # advisories about a flaw all have to be followed.
    fixes = collections.defaultdict(lambda: collections.defaultdict(list))
    for package, advisory, flaws, fixed in checks:
        if fixed is None or order.less(package[subject[1]], fixed):
            for flaw in flaws:
                key = flaw, package["name"], package["version"]
                fixes[key][advisory].append(fixed)
    with open(out + "/expected.tsv", "w") as expected:
        for finding, by_advisory in sorted(fixes.items()):
            best = None
            for options in by_advisory.values():
                least = None
                for fixed in (o for o in options if o):
                    if least is None or (fixed != least and kind == "deb"
                                         and order.less(fixed, least)):
                        least = fixed
                if best is None or (least and least != best and kind == "deb"
                                    and order.less(best, least)):
                    best = least
            # Of several builds that fix it, an rpm's right one is not asked of
            # rpm here: any of them is right.
            every = {o for options in by_advisory.values() for o in options}
            several = kind == "rpm" and len(every) > 1
            expected.write("\t".join(
                [*finding, "*" if several else best or ""]) + "\n")

    name, _, rest = ecosystem.partition(":")
    version = rest.split(":")[0]
    with open(out + "/inventory.json", "w") as inventory:
        json.dump({"os": {"id": name.lower(), "versionId": version},
                   "packages": packages}, inventory)


main()
