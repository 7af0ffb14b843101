#!/usr/bin/env python3
"""Compares what syft and `landwaiter-agent inspect` find below directories.

compare.py AGENT SYFT [--image] [--limit N] [--ours] ROOT...

A ROOT is a directory, or oci:DIRECTORY for an OCI image layout.

Prints, for each root, how many packages both found and, one a line, those
that only syft did ("-") and, with --ours, those that only inspect did ("+"). A
package is its type, name and version, in inspect's spelling; where it was
found does not count, nor how often. With --image syft reads the root as it
reads an image: what is installed, no lock files. The exit status is 0.
"""

import argparse
import collections
import json
import os
import re
import subprocess
import urllib.parse

# How inspect calls what syft's package URLs call otherwise.
TYPES = {"hackage": "hackage", "github": "github-action"}
NAMESPACED = {"npm": "/", "maven": ":", "golang": "/", "composer": "/",
              "swift": "/", "conan": "/", "github-action": "/"}


def syft_key(artifact):
    """(type, name, version) of one of syft's artifacts."""
    url = artifact.get("purl", "")
    match = re.fullmatch(r"pkg:([^/]+)/([^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?"
                         r"(?:#.*)?", url)
    if not match:
        return (artifact["type"], artifact["name"], artifact["version"])
    kind, path, version, query = match.groups()
    kind = TYPES.get(kind, kind)
    parts = [urllib.parse.unquote(p) for p in path.strip("/").split("/")]
    if kind in NAMESPACED:
        name = NAMESPACED[kind].join(parts)
    else:
        name = parts[-1]
    if kind == "pypi":
        name = re.sub(r"[-_.]+", "-", name).lower()
    version = urllib.parse.unquote(version or "")
    qualifiers = dict(urllib.parse.parse_qsl(query or ""))
    if kind == "rpm" and qualifiers.get("epoch", "0") != "0":
        version = qualifiers["epoch"] + ":" + version
    if kind == "golang" and name == "stdlib":
        version = version.removeprefix("go")
    return (kind, name, version)


def run(command):
    environment = dict(os.environ, SYFT_CHECK_FOR_APP_UPDATE="false")
    return json.loads(subprocess.run(command, check=True, env=environment,
                                     stdout=subprocess.PIPE).stdout)


def is_layout(root):
    return root.startswith("oci:")


def syft_packages(program, root, image):
    source = root.replace("oci:", "oci-dir:") if is_layout(root) \
        else "dir:" + root
    command = [program, "scan", "--quiet", "--output", "json", source]
    if image:
        command += ["--override-default-catalogers", "image"]
    found = collections.defaultdict(set)
    for artifact in run(command)["artifacts"]:
        for place in artifact["locations"]:
            found[syft_key(artifact)].add(
                artifact["foundBy"] + " " + place["path"])
    return found


def our_packages(program, root):
    found = collections.defaultdict(set)
    source = root if is_layout(root) else "dir:" + root
    for package in run([program, "inspect", "--format", "json",
                        source])["packages"]:
        found[(package["type"], package["name"], package["version"])].add(
            package["path"])
    return found


def show(sign, keys, places, limit):
    for key in sorted(keys)[:limit]:
        print(f"  {sign} {' '.join(key)}  ({sorted(places[key])[0]})")
    if len(keys) > limit:
        print(f"  {sign} and {len(keys) - limit} more")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("agent")
    parser.add_argument("syft")
    parser.add_argument("--image", action="store_true",
                        help="syft lists what is installed alone")
    parser.add_argument("--ours", action="store_true",
                        help="list what only inspect found, too")
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("roots", nargs="+", metavar="ROOT")
    options = parser.parse_args()
    for root in options.roots:
        theirs = syft_packages(options.syft, root, options.image)
        ours = our_packages(options.agent, root)
        both = theirs.keys() & ours.keys()
        print(f"{root}: {len(both)} by both, "
              f"{len(theirs.keys() - both)} by syft alone, "
              f"{len(ours.keys() - both)} by inspect alone")
        show("-", theirs.keys() - both, theirs, options.limit)
        if options.ours:
            show("+", ours.keys() - both, ours, options.limit)


if __name__ == "__main__":
    main()
