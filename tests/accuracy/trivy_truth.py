"""Findings that another scanner's integration tests expect, as data.

The corpus holds its repositories (fixtures/repo), a small advisory database
(db/*.yaml) and what it finds with it (golden/*.json.golden). Here the database
becomes OSV records, and each golden file a case: what is looked at, and which
(package, version, vulnerability) are expected, with the version that fixes it.
"""

import json
import pathlib
import re
import shutil

import yaml

LANGUAGES = {
    "pip": "PyPI", "npm": "npm", "maven": "Maven", "go": "Go",
    "cargo": "crates.io", "rubygems": "RubyGems", "composer": "Packagist",
    "nuget": "NuGet", "erlang": "Hex", "pub": "Pub", "swift": "SwiftURL",
    "conan": "ConanCenter"}
SYSTEMS = {
    "alma 8": "AlmaLinux:8", "rocky 8": "Rocky Linux:8",
    "Oracle Linux 8": "Oracle Linux:8", "alpine edge": "Alpine:edge",
    "ubuntu 18.04": "Ubuntu:18.04:LTS", "ubuntu 22.04": "Ubuntu:22.04:LTS",
    "debian 9": "Debian:9", "debian 10": "Debian:10",
    "amazon linux 1": "Amazon Linux:1", "amazon linux 2": "Amazon Linux:2",
    "CBL-Mariner 1.0": "Azure Linux:1",
    "openSUSE Leap 15.1": "openSUSE:Leap 15.1",
    "openSUSE Tumbleweed": "openSUSE:Tumbleweed",
    "SUSE Linux Enterprise Micro 5.3": "SUSE:Linux Enterprise Micro 5.3",
    "alpine 3.9": "Alpine:v3.9", "alpine 3.10": "Alpine:v3.10"}
# Numbers that the database has for Red Hat's CPEs.
RED_HAT = {6: {857, 858, 855, 596, 924}, 7: {869, 859, 860, 862, 870}}


def bound(operator, version):
    """The event of one comparison."""
    return {">=": {"introduced": version}, ">": {"introduced": version},
            "<": {"fixed": version}, "<=": {"last_affected": version}}[operator]


def ranges_of(text):
    """OSV's events for one of the database's expressions."""
    interval = re.fullmatch(r"[\[(]([^,]*),([^\])]*)([\])])", text)
    if interval:
        low, high, end = interval.groups()
        events = [{"introduced": low or "0"}]
        if high:
            events.append(bound("<=" if end == "]" else "<", high))
        return events
    events = [bound(o, v)
              for o, v in re.findall(r"(>=|<=|<|>)\s*([^\s,]+)", text)]
    if not any("introduced" in e for e in events):
        events.insert(0, {"introduced": "0"})
    return events


def outside(patched):
    """What lies before each of the versions that have the fix."""
    events = [{"introduced": "0"}]
    for expression in reversed(patched):
        low, *high = re.findall(r"(?:>=|<)\s*([^\s,]+)", expression)
        events.append({"fixed": low})
        if high:
            events.append({"introduced": high[0]})
    return events


def affected(ecosystem, package, *events):
    return {"package": {"ecosystem": ecosystem, "name": package},
            "ranges": [{"type": "ECOSYSTEM", "events": e} for e in events]}


def language_entry(bucket, package, value):
    ecosystem = LANGUAGES.get(bucket.split("::")[0])
    if ecosystem is None:
        return []
    if "VulnerableVersions" not in value:
        return [affected(ecosystem, package, outside(value["PatchedVersions"]))]
    return [affected(ecosystem, package,
                     *map(ranges_of, value["VulnerableVersions"]))]


def fixed_entry(ecosystem, package, fixed):
    events = [{"introduced": "0"}]
    if fixed:
        events.append({"fixed": fixed})
    return affected(ecosystem, package, events)


def red_hat_records(package, key, value):
    for entry in value["Entries"]:
        entries = [fixed_entry(f"Red Hat:enterprise_linux:{major}::server",
                               package, entry.get("FixedVersion"))
                   for major, numbers in RED_HAT.items()
                   if numbers & set(entry["Affected"])]
        cves = [c["ID"] for c in entry["Cves"] if "ID" in c]
        yield {"id": key, "related": cves, "affected": entries}


def records(database):
    for file in sorted(database.glob("*.yaml")):
        if file.stem in ("vulnerability", "data-source", "cpe"):
            continue
        for source in yaml.safe_load(file.read_text()):
            bucket = source["bucket"]
            for package in source["pairs"]:
                for entry in package.get("pairs", []):
                    key, value = entry["key"], entry.get("value") or {}
                    name = package["bucket"]
                    if bucket == "Red Hat":
                        yield from red_hat_records(name, key, value)
                    elif "::" in bucket:
                        yield {"id": key, "affected": language_entry(
                            bucket, name, value)}
                    elif bucket in SYSTEMS:
                        yield {"id": key, "affected": [fixed_entry(
                            SYSTEMS[bucket], name,
                            value.get("FixedVersion"))]}


def write_osv(database, folder):
    """A file for each id: OSV has one record of each."""
    by_id = {}
    for record in records(database):
        known = by_id.setdefault(record["id"], {
            "id": record["id"], "related": [], "affected": []})
        known["related"] += record.get("related", [])
        known["affected"] += record["affected"]
    folder.mkdir()
    for number, record in enumerate(by_id.values()):
        if record["affected"]:
            (folder / f"{number}.json").write_text(json.dumps(record))


def write_photon(database, file):
    """Photon's own format, since OSV has none of its records."""
    buckets = yaml.safe_load((database / "photon.yaml").read_text())
    file.write_text(json.dumps([
        {"cve_id": entry["key"], "pkg": package["bucket"], "aff_ver": "all",
         "res_ver": entry["value"]["FixedVersion"]}
        for bucket in buckets for package in bucket["pairs"]
        for entry in package["pairs"]]))


def write_advisories(database, folder):
    """The feeds that were written, as --advisories takes them."""
    write_osv(database, folder / "osv")
    photon = folder / "cve_data_photon3.0.json"
    write_photon(database, photon)
    return [str(folder / "osv"), f"photon-cve:{photon}"]


def key_of(package, version, vulnerability):
    name = package.lower().replace("_", "-")
    return name, version.removeprefix("v"), vulnerability


def load(path):
    return json.loads(path.read_text())


def expected(golden):
    """{key: versions that fix it}, of all results."""
    return {key_of(v["PkgName"], v["InstalledVersion"], v["VulnerabilityID"]):
            v.get("FixedVersion", "")
            for result in golden.get("Results") or []
            for v in result.get("Vulnerabilities") or []}


# Which golden file tells of which repository; the others are of the same
# repository under options that filter what is found.
REPOSITORIES = {
    "bun": "bun", "cargo.lock": "cargo", "composer.lock": "composer",
    "composer.vendor": "composer-vendor", "conan": "conan",
    "cocoapods": "cocoapods", "dotnet": "dotnet", "gomod": "gomod",
    "gradle": "gradle", "mix.lock": "mixlock", "npm-with-dev": "npm",
    "nuget": "nuget", "packagesprops": "packagesprops", "pip": "pip",
    "pipenv": "pipenv", "pnpm": "pnpm", "poetry": "poetry", "pom": "pom",
    "pubspec.lock": "pubspec", "pylock": "pylock", "sbt": "sbt",
    "swift": "swift", "test-repo": "trivy-ci-test", "uv": "uv",
    "yarn": "yarn"}

# Which tell of a whole image.
IMAGES = [
    "almalinux-8", "alpine-310", "alpine-39", "amazon-1", "amazon-2",
    "centos-6", "centos-7", "debian-buster", "debian-stretch",
    "distroless-base", "distroless-python27", "fluentd-gems", "mariner-1.0",
    "opensuse-leap-151", "opensuse-tumbleweed", "oraclelinux-8", "photon-30",
    "rockylinux-8", "spring4shell-jre11",
    "spring4shell-jre8", "ubi-7", "ubi-7-comprehensive", "ubuntu-1804",
    "ubuntu-gp2-x86-vm", "amazonlinux2-gp2-x86-vm"]
# As those systems' databases have it; the golden files do not say.
SOURCES = {
    "e2fslibs": "e2fsprogs", "libcomerr2": "e2fsprogs", "libss2": "e2fsprogs",
    "libcom-err2": "e2fsprogs", "libext2fs2": "e2fsprogs",
    "libssl1.1": "openssl", "libcrypto1.1": "openssl", "musl-utils": "musl",
    "libidn2-0": "libidn2", "curl-libs": "curl"}
PURL_TYPES = {"jar": "maven", "gemspec": "gem", "python-pkg": "pypi"}
OS_TYPES = {"debian": "deb", "ubuntu": "deb", "alpine": "apk"}
OS_IDS = {"alma": "almalinux", "oracle": "ol", "redhat": "rhel",
          "amazon": "amzn", "cbl-mariner": "mariner"}


def image_inventory(golden):
    """An inventory of the packages that the golden file names."""
    family = golden["Metadata"]["OS"]["Family"]
    packages = {}
    for result in golden["Results"]:
        system = result.get("Class") == "os-pkgs"
        for v in result.get("Vulnerabilities") or []:
            name, version = v["PkgName"], v["InstalledVersion"]
            kind = (OS_TYPES.get(family, "rpm") if system
                    else PURL_TYPES[result["Type"]])
            package = {"type": kind, "name": name, "version": version,
                       "path": v.get("PkgPath") or "database"}
            if system:
                package["sourceName"] = SOURCES.get(name, name)
                package["sourceVersion"] = version
            packages[kind, name, version] = package
    # "AMI release 2018.03", "2 (Karoo)"
    release = re.search(r"\d[\d.]*", golden["Metadata"]["OS"]["Name"])[0]
    return {"os": {"id": OS_IDS.get(family, family), "versionId": release},
            "packages": list(packages.values())}


def sbom_inventory(sbom):
    """An inventory of all components of a CycloneDX document."""
    packages, os = [], {}
    for component in sbom["components"]:
        properties = {p["name"].split(":")[-1]: p["value"]
                      for p in component.get("properties", [])}
        if component["type"] == "operating-system":
            os = {"id": component["name"], "versionId": component["version"]}
        purl = re.match(r"pkg:(deb|rpm|gem|npm|pypi)/", component.get("purl",
                                                                     ""))
        if not purl:
            continue
        package = {"type": purl[1], "name": component["name"],
                   "version": component["version"],
                   "path": properties.get("FilePath", "database")}
        if "SrcName" in properties:
            source = properties["SrcVersion"]
            if "SrcRelease" in properties:
                source += "-" + properties["SrcRelease"]
            if "SrcEpoch" in properties:
                source = properties["SrcEpoch"] + ":" + source
            package["sourceName"] = properties["SrcName"]
            package["sourceVersion"] = source
            if purl[1] == "rpm" and "SrcEpoch" in properties and (
                    ":" not in package["version"]):
                package["version"] = (properties["SrcEpoch"] + ":"
                                      + package["version"])
        packages.append(package)
    return {"os": os, "packages": packages}


SBOMS = {"centos-7-cyclonedx": "centos-7",
         "fluentd-multiple-lockfiles-cyclonedx": "fluentd-multiple-lockfiles"}


def repository(corpus, name, scratch):
    """The folder of a repository, laid out as its package manager has it."""
    folder = corpus / "fixtures" / "repo" / name
    if name != "composer-vendor":
        return folder
    vendor = scratch / name / "vendor" / "composer"
    vendor.mkdir(parents=True)
    shutil.copy(folder / "installed.json", vendor)
    return scratch / name


def corpus_of(root):
    return pathlib.Path(root) / "truth" / "trivy-integration"
