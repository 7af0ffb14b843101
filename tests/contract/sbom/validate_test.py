#!/usr/bin/env python3
"""What `inspect` prints as CycloneDX and SPDX is valid by their makers' tools.

validate_test.py AGENT_PROGRAM; LANDWAITER_PYTHON_TOOLS names the folder of the
validators (./dev setup installs them); without it the test is skipped.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77

DPKG_STATUS = """\
Package: curl
Status: install ok installed
Architecture: amd64
Maintainer: Somebody "quoted" <somebody@example.org>
Source: curl-source (1:7.88.1-10)
Version: 1:7.88.1-10+b1

Package: curl
Status: install ok installed
Architecture: i386
Version: 1:7.88.1-10+b1
"""
APK_INSTALLED = """\
P:musl
V:1.2.5-r0
A:x86_64
L:MIT

P:busybox
V:1.36.1-r29
A:x86_64
L:GPL-2.0-only

P:odd
V:1-r0
A:x86_64
L:MIT OR (Apache-2.0 AND ISC)

P:vague
V:1-r0
A:x86_64
L:BSD-like, see file
"""


def make_root(root):
    files = {
        "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian"\n',
        "var/lib/dpkg/status": DPKG_STATUS,
        "lib/apk/db/installed": APK_INSTALLED,
    }
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def check_cyclonedx(text):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return [str(error)] if error else []


def check_spdx(path):
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import (
        validate_full_spdx_document)
    document = parse_file(str(path))
    return [each.validation_message
            for each in validate_full_spdx_document(document)]


def main():
    tools = os.environ.get("LANDWAITER_PYTHON_TOOLS", "")
    if not os.path.isdir(tools):
        print("skipped: LANDWAITER_PYTHON_TOOLS names no folder")
        return SKIPPED
    sys.path.insert(0, tools)
    agent = sys.argv[1]
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "root"
        make_root(root)

        def inspect(form):
            text = subprocess.run(
                [agent, "inspect", f"dir:{root}", "--format", form],
                check=True, capture_output=True, text=True).stdout
            if text.count("curl") < 2 or "musl" not in text:
                problems.append(f"{form}: packages are missing")
            return text

        problems += [f"cyclonedx: {each}"
                     for each in check_cyclonedx(inspect("cyclonedx"))]
        spdx = pathlib.Path(folder) / "image.spdx.json"
        spdx.write_text(inspect("spdx"))
        problems += [f"spdx: {each}" for each in check_spdx(spdx)]

        # The validators themselves are awake.
        broken = json.loads(inspect("cyclonedx"))
        broken["components"][0]["type"] = "nonsense"
        if not check_cyclonedx(json.dumps(broken)):
            problems.append("the CycloneDX validator takes nonsense")
        document = json.loads(spdx.read_text())
        document["packages"][0]["downloadLocation"] = "nonsense"
        spdx.write_text(json.dumps(document))
        if not check_spdx(spdx):
            problems.append("the SPDX validator takes nonsense")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
