#!/usr/bin/env python3
"""Pushes a made image, sound or broken, to a registry over http.

push_image.py HOST:PORT REPOSITORY TAG LAYER...

A LAYER is a description of one layer, each a comma-separated list:
  os=debian:12            etc/os-release of that system
  deb=NAME[/SOURCE]@VERSION   an installed Debian package (any number)
  pad=N                   a file of N random bytes
  fault=truncated         the gzip stream ends too early
  fault=garbage           the bytes are no archive
  fault=diffid            the config has another diffID
  fault=media             the layer is of an unknown media type and form
  fault=bomb              a file of a gigabyte of zeros
  fault=outside           files whose paths lead out of the root
  fault=long-path         a file whose path is of 5,000 bytes
  fault=entries           ten million empty files
"""

import gzip
import hashlib
import io
import json
import os
import random
import sys
import tarfile
import urllib.request


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def request(method, url, data=None, headers=None):
    call = urllib.request.Request(url, data=data, method=method,
                                  headers=headers or {})
    return urllib.request.urlopen(call, timeout=60)


def push_blob(base, data):
    start = request("POST", f"{base}/blobs/uploads/", b"")
    where = start.headers["Location"]
    if where.startswith("/"):
        where = base.split("/v2/")[0] + where
    glue = "&" if "?" in where else "?"
    request("PUT", f"{where}{glue}digest={digest(data)}", data,
            {"Content-Type": "application/octet-stream"})


def add_file(archive, path, content):
    info = tarfile.TarInfo(path)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


def make_tar(parts):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for key, value in parts:
            if key == "os":
                name, version = value.split(":")
                add_file(archive, "etc/os-release",
                         f"ID={name}\nVERSION_ID={version}\n".encode())
            elif key == "deb":
                name, version = value.split("@")
                name, _, source = name.partition("/")
                add_file(
                    archive, f"var/lib/dpkg/status.d/{name}",
                    (f"Package: {name}\nStatus: install ok installed\n"
                     f"Source: {source or name}\n"
                     f"Version: {version}\nArchitecture: amd64\n").encode())
            elif key == "pad":
                add_file(archive, "pad", os.urandom(int(value)))
            elif key == "fault":
                add_fault(archive, value)
    return raw.getvalue()


def make_entries(count):
    """A gzip of so many empty files, without the end of an archive: members of
    the same 10,000 over and over, with names that do not compress to nothing
    (it is not to be taken for a bomb)."""
    names = random.Random(count)
    headers = b"".join(
        tarfile.TarInfo(f"many/{names.getrandbits(32):08x}").tobuf()
        for _ in range(10_000))
    return gzip.compress(headers, mtime=0) * (count // 10_000)


def add_fault(archive, fault):
    if fault == "outside":
        for path in ("../../../../tmp/escaped", "/tmp/../../escaped",
                     "a/../../../escaped", "./" * 500 + "deep"):
            add_file(archive, path, b"x")
    elif fault == "long-path":
        add_file(archive, "p/" * 2500, b"x")
    elif fault == "bomb":
        info = tarfile.TarInfo("zeros")
        info.size = 1 << 30
        archive.addfile(info, open("/dev/zero", "rb"))


def make_layer(description):
    parts = [part.split("=", 1) for part in description.split(",")]
    faults = [value for key, value in parts if key == "fault"]
    tar = make_tar(parts)
    blob = gzip.compress(tar, mtime=0)
    diff_id = digest(tar)
    media = "application/vnd.oci.image.layer.v1.tar+gzip"
    if "truncated" in faults:
        blob = blob[:len(blob) - 20]
    if "garbage" in faults:
        blob = b"this is no archive\n" * 100
    if "diffid" in faults:
        diff_id = digest(b"something else")
    if "media" in faults:
        blob = b"PK\x05\x06" + bytes(600)
        media = "application/vnd.example.layer.v1.zip"
    if "entries" in faults:
        # No reader gets to the end, where diffID would be wrong.
        blob = make_entries(10_000_000)
    return blob, diff_id, media


def main():
    host, repository, tag = sys.argv[1:4]
    base = f"http://{host}/v2/{repository}"
    layers = [make_layer(each) for each in sys.argv[4:]]
    config = json.dumps({
        "architecture": "amd64", "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [each[1] for each in layers]},
        "author": f"{repository}:{tag}",
    }).encode()
    for blob in [config] + [each[0] for each in layers]:
        push_blob(base, blob)
    manifest = json.dumps({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                   "digest": digest(config), "size": len(config)},
        "layers": [{"mediaType": media, "digest": digest(blob),
                    "size": len(blob)} for blob, _, media in layers],
    }).encode()
    request("PUT", f"{base}/manifests/{tag}", manifest,
            {"Content-Type": "application/vnd.oci.image.manifest.v1+json"})


if __name__ == "__main__":
    main()
