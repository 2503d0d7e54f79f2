#!/usr/bin/python3
"""Sample phones are what they claim to be, seen without Telassay's eyes:
every database is sound, every plist can be read, sizes and digests agree, the
encrypted one holds the same bytes as the plain one, and each planted trace
stands in its file and nowhere else."""
import hashlib
import os
import plistlib
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from backup import Backup, rows

TELASSAY = os.environ["TELASSAY"]
failures = []


def expect(truth, what):
    if not truth:
        failures.append(what)


def sample(*args):
    r = subprocess.run([TELASSAY, "sample", *args], capture_output=True, text=True)
    if r.returncode != 0:
        sys.exit(f"telassay sample {args}: {r.stderr}")
    return r.stdout


def walk(b):
    for (domain, path), (fid, flags, objects) in sorted(b.files.items()):
        row = objects[1]
        where = f"{domain}/{path}"
        name = hashlib.sha1(f"{domain}-{path}".encode()).hexdigest()
        expect(name == fid, f"{where}: its name is not the hash of its path")
        expect(objects[row["RelativePath"].data] == path, f"{where}: path in its row")
        expect(objects[row["$class"].data]["$classname"] == "MBFile", f"{where}: class of its row")
        if flags != 1:
            continue
        data = b.read(domain, path)
        expect(data is not None, f"{where}: no content")
        if data is None:
            continue
        lies = row["Size"] - len(data)  # told of databases, as phones do
        allowed = (0, 4096, -4096) if b.encrypted and data.startswith(b"SQLite") else (0,)
        expect(lies in allowed, f"{where}: size is {row['Size']}, not {len(data)}")
        if "Digest" in row:
            with open(b.place(fid), "rb") as f:
                stored = f.read()
            expect(objects[row["Digest"].data] == hashlib.sha1(stored).digest(), f"{where}: digest")
        yield where, data


def sound(b):
    databases = 0
    for where, data in walk(b):
        if data.startswith(b"SQLite format 3\0"):
            databases += 1
            expect(rows(data, "PRAGMA integrity_check") == [("ok",)], f"{where}: damaged")
            expect(rows(data, "PRAGMA foreign_key_check") == [], f"{where}: foreign keys")
        elif data.startswith(b"bplist00"):
            plistlib.loads(data)
    expect(databases >= 9, f"only {databases} databases")


def with_log(tmp):
    """The planted row is seen through the write-ahead log, not without it."""
    d = os.path.join(tmp, "wal")
    sample(d, "--plant", "ios.datausage=late.example.implantd:wal")
    b, key = Backup(d), ("WirelessDomain", "Library/Databases/DataUsage.sqlite")
    data, log = b.read(*key), b.read(key[0], key[1] + "-wal")
    sql = "SELECT count(*) FROM ZPROCESS WHERE ZPROCNAME = 'late.example.implantd'"
    expect(rows(data, sql) == [(0,)], "the row stands in the database itself")
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "a.db")
        for suffix, content in (("", data), ("-wal", log)):
            with open(path + suffix, "wb") as f:
                f.write(content)
        c = sqlite3.connect(path)
        expect(c.execute(sql).fetchall() == [(1,)], "the row does not come out of the log")
        expect(c.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "damaged with its log")
        c.close()


def forms():
    for line in sample("--list-traces").splitlines():
        trace = line.split("  ")[0]
        artifact, form = trace.split("=VALUE")
        yield artifact, form.lstrip(":")


def traces(tmp, clean):
    """One phone with every form of every trace, a value each."""
    absent = ("gap", "orphan", "lockdown-off")  # signs without a value
    args, values = [], {}
    for n, (artifact, form) in enumerate(forms()):
        value = f"trace{n:02d}.planted.example"
        if artifact == "ios.configuration_profiles":
            value = f"7E1A55A9-0000-4000-8000-{n:012d}"
        args += ["--plant", f"{artifact}={value}" + (f":{form}" if form else "")]
        if form not in absent:
            values[artifact, form] = value[:16] if form == "cut" else value
    d = os.path.join(tmp, "planted")
    sample(d, *args)
    b = Backup(d)
    content = {k: (b.read(*k) or b"").lower() + k[1].lower().encode() for k in b.files}
    for (artifact, form), value in values.items():
        where = [k for k, v in content.items() if value.lower().encode() in v]
        expect(where, f"{artifact}:{form} {value} was not planted")
        expect(len(where) <= 1, f"{artifact}:{form} {value} stands in {where}")
    for key in clean.files:
        expect(b"planted.example" not in (clean.read(*key) or b""), f"{key}: a trace in a clean phone")
    return len(values)


def main():
    with tempfile.TemporaryDirectory() as tmp:
        password = os.path.join(tmp, "password")
        with open(password, "w", encoding="utf-8") as f:
            f.write("pässwörd\n")
        plain, locked = os.path.join(tmp, "plain"), os.path.join(tmp, "locked")
        sample(plain, "--seed", "3")
        sample(locked, "--seed", "3", "--encrypt", "--password-file", password, "--dpic", "50", "--iter", "20")
        a = Backup(plain)
        sound(a)
        with_log(tmp)
        n = traces(tmp, a)
        try:
            import cryptography  # noqa: F401
        except ImportError:
            print("skipped: python3-cryptography is not installed")
            return 77
        b = Backup(locked, "pässwörd")
        sound(b)
        expect(a.files.keys() == b.files.keys(), "the encrypted phone lists other files")
        for key in a.files:
            expect(a.read(*key) == b.read(*key), f"{key}: differs when encrypted")
    for f in failures:
        print("not so:", f)
    print(f"{len(a.files)} entries, {n} forms of traces, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
