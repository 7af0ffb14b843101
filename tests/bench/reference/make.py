#!/usr/bin/env python3
"""Makes the reference image of docs/performance.md as an OCI layout.

Five gzip layers: a Debian root, a Python application, a Node application, Java
libraries, a Go program. What is in them comes from the package registries that
apt, pip, npm and mvn are configured with. The names and times in the archives
do not depend on the machine; Debian's packages are those of today, all else is
pinned in this folder.

The layers are made one by one, so that a run that was interrupted goes on.
"""

import argparse
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
TIME = 1733011200  # of all files: 2024-12-01
NPM_BEFORE = "2025-01-01"
DEBIAN_MORE = "ca-certificates,curl,git,nginx-light,openssl,procps,python3"


def run(*command, **options):
    # What programs say is not what this one prints.
    subprocess.run(command, check=True, stdout=sys.stderr, **options)


def debian(root, options):
    run("debootstrap", "--variant=minbase", f"--include={DEBIAN_MORE}",
        "bookworm", root, options.debian_mirror)
    for cache in ("var/cache/apt", "var/lib/apt/lists", "var/log", "dev",
                  "proc", "sys", "var/cache/ldconfig"):
        shutil.rmtree(root / cache, ignore_errors=True)
    for of_this_machine in ("etc/resolv.conf", "etc/hostname",
                            "etc/machine-id"):
        (root / of_this_machine).unlink(missing_ok=True)


def python(root, _):
    run("pip3", "install", "--quiet", "--no-compile", "--only-binary", ":all:",
        "--python-version", "3.11", "--implementation", "cp",
        "--platform", "manylinux2014_x86_64",
        "--platform", "manylinux_2_17_x86_64",
        "--platform", "manylinux_2_28_x86_64",
        "--disable-pip-version-check", "--root-user-action", "ignore",
        "--requirement", HERE / "requirements.txt",
        "--target", root / "srv/app/lib")


def node(root, _):
    app = root / "srv/web"
    app.mkdir(parents=True)
    shutil.copy(HERE / "package.json", app)
    run("npm", "install", "--silent", "--ignore-scripts", "--omit=optional",
        "--no-audit", f"--before={NPM_BEFORE}", cwd=app)


def java(root, _):
    run("mvn", "--quiet", "--batch-mode", "--file", HERE / "pom.xml",
        "dependency:copy-dependencies",
        f"-DoutputDirectory={root}/opt/service/lib")


def go(root, options):
    target = root / "usr/local/bin"
    target.mkdir(parents=True)
    shutil.copy(options.go_program, target)


LAYERS = (debian, python, node, java, go)


def plain(entry):
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = TIME
    return entry


def add_layer(blobs, root):
    """Returns the layer's descriptor and its diffID."""
    new = blobs / "new"
    with open(new, "wb") as file:
        gzipped = gzip.GzipFile("", "wb", 6, file, mtime=0)
        inflated = HashingWriter(gzipped)
        # tarfile sorts the names of each directory.
        with tarfile.open(fileobj=inflated, mode="w|",
                          format=tarfile.PAX_FORMAT) as tar:
            for name in sorted(os.listdir(root)):
                tar.add(root / name, name, filter=plain)
        gzipped.close()
    with open(new, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = new.stat().st_size
    new.rename(blobs / digest)
    return ({"mediaType": LAYER_TYPE, "digest": f"sha256:{digest}",
             "size": size}, f"sha256:{inflated.hash.hexdigest()}")


class HashingWriter:
    """Hashes what passes."""

    def __init__(self, to):
        self.to = to
        self.hash = hashlib.sha256()

    def write(self, data):
        self.hash.update(data)
        return self.to.write(data)


def add_json(blobs, value, media_type):
    data = json.dumps(value).encode()
    digest = hashlib.sha256(data).hexdigest()
    (blobs / digest).write_bytes(data)
    return {"mediaType": media_type, "digest": f"sha256:{digest}",
            "size": len(data)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layout", type=pathlib.Path)
    parser.add_argument("--debian-mirror", required=True)
    parser.add_argument("--go-program", required=True, type=pathlib.Path)
    options = parser.parse_args()
    layout = options.layout
    if (layout / "index.json").exists():
        return
    blobs = layout / "blobs/sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "layers": []}
    config = {"os": "linux", "architecture": "amd64",
              "rootfs": {"type": "layers", "diff_ids": []}}
    for make in LAYERS:
        made = layout / f"{make.__name__}.json"
        if not made.exists():
            print(f"bench: making the layer \"{make.__name__}\"",
                  file=sys.stderr)
            root = layout / "root"
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            make(root, options)
            made.write_text(json.dumps(add_layer(blobs, root)))
            shutil.rmtree(root)
        descriptor, diff_id = json.loads(made.read_text())
        manifest["layers"].append(descriptor)
        config["rootfs"]["diff_ids"].append(diff_id)
    manifest["config"] = add_json(blobs, config, CONFIG_TYPE)
    index = {"schemaVersion": 2,
             "manifests": [add_json(blobs, manifest, MANIFEST_TYPE)]}
    (layout / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (layout / "index.json").write_text(json.dumps(index))


if __name__ == "__main__":
    main()
