#!/usr/bin/python3
"""`telassay extract` against an independent decryption of the same backup: same names, same bytes.

usage: extract_vs_python.py BACKUP [PASSWORD]      (exit 77: BACKUP is not there)
       extract_vs_python.py --sample [PASSWORD]    (of a phone that `telassay sample` makes)

A BACKUP that comes with an expected.json, with the SHA-256 of each original file, must give these, or name the file.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import ios_decrypt


def found(dest):
    for folder, _, names in os.walk(dest):
        for name in names:
            path = os.path.join(folder, name)
            yield os.path.relpath(path, dest), ios_decrypt.read(path)


def extract(backup, dest, *how):
    return subprocess.run([os.environ["TELASSAY"], "extract", backup, dest, *how],
                          stdin=subprocess.DEVNULL, capture_output=True)


def compare(expect, dest):
    got = dict(found(dest))
    wrong = [f"missing: {n}" for n in expect.keys() - got.keys()]
    wrong += [f"should not be there: {n}" for n in got.keys() - expect.keys()]
    wrong += [f"differs: {n} ({len(expect[n])} bytes expected, {len(got[n])} found)"
              for n in expect.keys() & got.keys() if expect[n] != got[n]]
    for w in sorted(wrong)[:20]:
        print(w, file=sys.stderr)
    return not wrong


def originals(backup, got, stderr):
    """True when each file of expected.json has come out as it was, or is named on stderr."""
    name = os.path.join(backup, "expected.json")
    if not os.path.exists(name):
        return True
    ok = True
    for f in json.loads(ios_decrypt.read(name))["files"]:
        path = f"{f['domain']}/{f['relativePath']}"
        data = got.get(ios_decrypt.safe_name(f["domain"], f["relativePath"]))
        if data is None or hashlib.sha256(data).hexdigest() != f["sha256"]:
            if path.encode() not in stderr:
                print(f"{path}: neither as it was nor named", file=sys.stderr)
                ok = False
    return ok


def sample(folder, password):
    how = []
    if password is not None:
        with open(folder + ".password", "w", encoding="utf-8") as f:
            f.write(password)
        how = ["--encrypt", "--dpic", "1000", "--iter", "100", "--password-file", folder + ".password"]
    subprocess.run([os.environ["TELASSAY"], "sample", folder, *how], check=True, capture_output=True)


def main(backup, password=None):
    if backup == "--sample":
        with tempfile.TemporaryDirectory() as tmp:
            sample(f"{tmp}/phone", password)
            return main(f"{tmp}/phone", password)
    if not os.path.isdir(backup):
        print(f"skipped: {backup} is not there")
        return 77
    reference = ios_decrypt.Backup(backup, password.encode() if password is not None else None)
    expect, lost = reference.files()
    ok = len(expect) > 4
    with tempfile.TemporaryDirectory() as tmp:
        runs = [("plain", [])]
        if password is not None:
            with open(f"{tmp}/password", "w", encoding="utf-8") as f:
                f.write(password + "\n")
            with open(f"{tmp}/key", "w", encoding="ascii") as f:
                f.write(reference.kek.hex())
            runs = [("password", ["--password-file", f"{tmp}/password"]), ("key", ["--key-file", f"{tmp}/key"])]
        for name, how in runs:
            run = extract(backup, f"{tmp}/out-{name}", *how)
            same = compare(expect, f"{tmp}/out-{name}")
            same = originals(backup, dict(found(f"{tmp}/out-{name}")), run.stderr) and same
            named = [p for p in lost if p.encode() not in run.stderr]
            for p in named[:20]:
                print(f"lost and not named on stderr: {p}", file=sys.stderr)
            if run.returncode not in ((3,) if lost else (0, 3)):
                print(f"exit {run.returncode}: {run.stderr.decode()[-500:]}", file=sys.stderr)
                same = False
            print(f"{name}: {len(expect)} files, {len(lost)} lost, {'same' if same else 'DIFFERENT'}")
            ok = ok and same and not named
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
