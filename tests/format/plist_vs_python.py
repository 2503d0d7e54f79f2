"""Every property list of the real data against Python's plistlib.

usage: plist_vs_python.py PLIST_JSON DATA
Where plistlib reads a file, our tree must equal its and there must be no note. Where it
refuses a file, we must leave a note, but for the named files that are well-formed.
"""
import datetime
import json
import math
import os
import plistlib
import subprocess
import sys

TOOL, DATA = sys.argv[1:3]
EPOCH = datetime.datetime(2001, 1, 1)

# What plistlib cannot do, and why ours differs.
WELL_FORMED = {
    "com.apple.security.KCN.plist": "a date before year 1, which Python cannot hold",
    "leading_whitespace.plist": "white space in front of the XML",
}
NOTED = {
    "recursion.bplist": "a dictionary with itself inside; plistlib builds the cycle",
    "amp.plist": "an entity without its semicolon",
    "invalid_tag.plist": "a declaration inside a string",
    "empty.plist": "a document without a value",
}


def same(ours, theirs):
    if isinstance(theirs, bool):
        return ours is theirs
    if isinstance(theirs, int):
        return type(ours) is int and ours == theirs
    if isinstance(theirs, str):
        return ours == theirs
    if isinstance(theirs, float):
        v = float(ours["real"])
        return v == theirs or (math.isnan(v) and math.isnan(theirs))
    if isinstance(theirs, bytes):
        return bytes.fromhex(ours["data"]) == theirs
    if isinstance(theirs, datetime.datetime):
        return abs(float(ours["date"]) - (theirs - EPOCH).total_seconds()) < 1e-5
    if isinstance(theirs, plistlib.UID):
        return ours["uid"] == theirs.data
    if isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, dict):
        pairs = dict(ours["dict"])  # a key that is there twice: the last, as in plistlib
        return list(pairs) == list(theirs) and all(same(v, theirs[k]) for k, v in pairs.items())
    raise TypeError(type(theirs))


def is_plist(path):
    with open(path, "rb") as f:
        head = f.read(512)
    return head.startswith(b"bplist") or b"<plist" in head or path.endswith((".plist", ".bplist"))


def check(path, ours):
    """What is wrong, or None."""
    name = os.path.basename(path)
    try:
        with open(path, "rb") as f:
            theirs = plistlib.load(f)
    except Exception as e:
        if name in WELL_FORMED:
            return f"notes {ours['notes']}" if ours["notes"] else None
        return None if ours["notes"] else f"plistlib refuses it ({e}), we say nothing"
    if name in NOTED:
        return None if ours["notes"] else "no note"
    if ours["notes"]:
        return f"notes {ours['notes']}"
    return None if same(ours["value"], theirs) else "other values"


def main():
    files = [os.path.join(d, f) for d, _, fs in os.walk(os.path.join(DATA, "ios")) for f in sorted(fs)]
    files = [f for f in files if is_plist(f)]
    if not files:
        print(f"skipped: no property lists under {DATA}/ios")
        return 77
    out = subprocess.run([TOOL, *files], capture_output=True, check=True).stdout.decode()
    bad = 0
    for path, line in zip(files, out.splitlines(), strict=True):
        why = check(path, json.loads(line))
        if why:
            print(f"{path}: {why}")
            bad += 1
    print(f"{len(files)} property lists, {bad} wrong")
    return bad > 0


sys.exit(main())
