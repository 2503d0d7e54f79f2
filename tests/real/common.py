"""Shared by the tests that run the program on real data. A test that lacks its data says which
and exits with 77: skipped, counted and named."""
import json
import os
import subprocess
import sys
import tempfile

TELASSAY = os.environ.get("TELASSAY", "build/dev/telassay")
SOURCE = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SHARED = os.path.join(SOURCE, "..", "shared")


def need(*path):
    p = os.path.normpath(os.path.join(SHARED, *path))
    if not os.path.exists(p):
        print(f"skipped: lacks shared/{'/'.join(path)}")
        sys.exit(77)
    return p


def check(acquisition, *args, password=None, codes=(0, 1, 3, 4, 5), env=None):
    """The report of one check, and its exit code."""
    with tempfile.TemporaryDirectory() as tmp:
        if password is not None:
            file = os.path.join(tmp, "password")
            with open(file, "w", encoding="utf-8") as f:
                f.write(password + "\n")
            args = (*args, "--password-file", file)
        r = subprocess.run([TELASSAY, "check", acquisition, "-f", "json", *args], capture_output=True, text=True,
                           stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})}, check=False)
        assert r.returncode in codes, f"exit {r.returncode}: {r.stderr[-2000:]}"
        return (json.loads(r.stdout) if r.stdout.strip() else None), r.returncode


def coverage(report):
    return {c["artifact"]: c for c in report["coverage"]}


def stix(path, patterns, name="Test campaign"):
    """A bundle with one campaign that these patterns indicate."""
    objects = [{"type": "malware", "spec_version": "2.1", "id": "malware--00000000-0000-4000-8000-000000000000",
                "created": "2025-01-01T00:00:00Z", "modified": "2025-01-01T00:00:00Z", "name": name, "is_family": False}]
    for i, p in enumerate(patterns):
        ind = f"indicator--00000000-0000-4000-8000-{i:012x}"
        objects.append({"type": "indicator", "spec_version": "2.1", "id": ind, "created": "2025-01-01T00:00:00Z",
                        "modified": "2025-01-01T00:00:00Z", "pattern": p, "pattern_type": "stix",
                        "valid_from": "2025-01-01T00:00:00Z"})
        objects.append({"type": "relationship", "spec_version": "2.1", "relationship_type": "indicates",
                        "id": f"relationship--00000000-0000-4000-8000-{i:012x}", "created": "2025-01-01T00:00:00Z",
                        "modified": "2025-01-01T00:00:00Z", "source_ref": ind, "target_ref": objects[0]["id"]})
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": objects}, f)
    return path
