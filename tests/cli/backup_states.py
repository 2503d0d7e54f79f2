#!/usr/bin/python3
"""`telassay extract` on backups in every state: what comes out, which note names the cause, which exit code.

usage: backup_states.py [CASE...]
"""
import os
import plistlib
import pty
import re
import select
import shutil
import sqlite3
import struct
import subprocess
import sys
import tarfile
import tempfile
import termios
import time
import zipfile

import ios_make
from ios_make import PASSWORD, Maker, small_db, usual

TELASSAY = os.environ["TELASSAY"]
SMS = "HomeDomain/Library/SMS/sms.db"


class Run:
    def __init__(self, folder, dest, *args, stdin=subprocess.DEVNULL, **how):
        run = subprocess.run([TELASSAY, "extract", folder, dest, *args], stdin=stdin, capture_output=True,
                             check=False, timeout=120, **how)
        self.code, self.out, self.err = run.returncode, run.stdout.decode(), run.stderr.decode()
        self.files = {}
        for at, _, names in os.walk(dest):
            for name in names:
                path = os.path.join(at, name)
                with open(path, "rb") as f:
                    self.files[os.path.relpath(path, dest)] = f.read()

    def must(self, code, *texts, **files):
        assert self.code == code, f"exit {self.code}, not {code}: {self.err} {self.out}"
        for t in texts:
            assert re.search(t, self.err), f"stderr does not say {t!r}: {self.err}"
        return self

    def has(self, path, data):
        assert path in self.files, f"{path} is missing: {sorted(self.files)}\n{self.err}"
        assert self.files[path] == data, f"{path}: {len(self.files[path])} bytes, not {len(data)}"
        return self


class Case:
    """A folder to work in, and the ways to hand a password over."""

    def __init__(self, tmp):
        self.tmp = tmp
        self.n = 0

    def path(self, name):
        return os.path.join(self.tmp, name)

    def file(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data.encode() if isinstance(data, str) else data)
        return self.path(name)

    def run(self, folder, *args, password=None, **how):
        self.n += 1
        if password is not None:
            args = (*args, "--password-file", self.file(f"pw{self.n}", password))
        return Run(folder, self.path(f"out{self.n}"), *args, **how)


def sound(c):
    c.run(usual(c.path("a")).finish()).must(0).has(SMS, small_db())
    e = usual(c.path("b"), PASSWORD).finish()
    c.run(e, password=PASSWORD).must(0).has(SMS, small_db())
    # A newline at the end of the file is no part of it, whatever wrote it.
    c.run(e, password=PASSWORD + "\n").must(0)
    c.run(e, password=PASSWORD + "\r\n").must(0)
    r = c.run(e, "--glob", "HomeDomain/**/*.db", "--glob", "Info.plist", password=PASSWORD).must(0)
    assert sorted(r.files) == [SMS, "Info.plist"], r.files.keys()
    c.run(e, "--glob", "no/such", password=PASSWORD).must(2, "no file that matches")


def password_of_plain(c):
    c.run(usual(c.path("a")).finish(), password="x").must(0, "a password was given").has(SMS, small_db())


def passwords(c):
    e = usual(c.path("e"), PASSWORD).finish()
    c.run(e).must(2, "is encrypted", "--password-file", "not the phone's code")
    r = c.run(e, password="another").must(2, "does not fit", "Reset All Settings")
    assert not r.files
    c.run(e, password="two\nlines\n").must(2, "pw\\d+ holds more than one line")
    c.run(e, password="").must(2, "pw\\d+ is empty")
    c.run(e, password="\n").must(2, "pw\\d+ is empty")
    c.run(e, password="x" * 5000).must(2, "longer line")
    c.run(e, "--password-file", c.path("nothing")).must(2, "nothing cannot be read")
    c.run(e, "--password-file", "/dev/null", "--key-file", "/dev/null").must(2, "exclude one another")
    c.run(e, "--key-file", c.file("k1", "abc")).must(2, "k1 does not hold a key")
    c.run(e, "--key-file", c.file("k2", "00" * 32 + "\n")).must(2, "key in --key-file opens no part")
    c.run(e, "--password-fd", "x").must(2, "is no descriptor")
    c.run(e, "--password-fd", "77").must(2, "descriptor 77 cannot be read")
    r, w = os.pipe()
    os.write(w, PASSWORD.encode() + b"\n")  # and the writer keeps it open
    c.run(e, "--password-fd", str(r), pass_fds=[r]).must(0).has(SMS, small_db())
    env = dict(os.environ, TELASSAY_PASSWORD=PASSWORD, PASSWORD=PASSWORD)
    c.run(e, env=env).must(2, "is encrypted")


def on_terminal(c, folder, typed, dest, kill=False):
    """What is shown, the exit code, and whether the echo is on again."""
    master, slave = pty.openpty()
    p = subprocess.Popen([TELASSAY, "extract", folder, dest], stdin=slave, stdout=slave, stderr=slave)
    shown, sent = b"", False
    while True:
        ready, _, _ = select.select([master], [], [], 0.1)
        if ready:
            shown += os.read(master, 4096)
        if b"password of" in shown and not sent:
            assert not termios.tcgetattr(slave)[3] & termios.ECHO, "the echo is on"
            sent = True
            if kill:
                p.terminate()
            else:
                os.write(master, typed)
        if not ready and p.poll() is not None:
            break
    echo = bool(termios.tcgetattr(slave)[3] & termios.ECHO)
    os.close(master)
    os.close(slave)
    return shown.decode(), p.returncode, echo


def prompt(c):
    e = usual(c.path("e"), PASSWORD).finish()
    shown, code, echo = on_terminal(c, e, PASSWORD.encode() + b"\n", c.path("o1"))
    assert code == 0 and echo and PASSWORD not in shown, (shown, code, echo)
    shown, code, echo = on_terminal(c, e, b"wrong\n", c.path("o2"))
    assert code == 2 and echo and "does not fit" in shown, (shown, code, echo)
    shown, code, echo = on_terminal(c, e, b"\n", c.path("o3"))
    assert code == 2 and echo and "is encrypted" in shown, (shown, code, echo)
    shown, code, echo = on_terminal(c, e, b"", c.path("o4"), kill=True)
    assert code == -15 and echo, (shown, code, echo)
    # Nobody is asked for what is not needed.
    shown, code, _ = on_terminal(c, usual(c.path("p")).finish(), b"", c.path("o5"))
    assert code == 0 and "password" not in shown, (shown, code)


def flip_wpky(number):
    """Damages the wrapped key of one class."""
    def damage(bag):
        mark = ios_make.tag("CLAS", number)
        at = bag.index(mark)
        at = bag.index(b"WPKY", at) + 8 + 5
        return bag[:at] + bytes([bag[at] ^ 1]) + bag[at + 1:]
    return damage


def keybags(c):
    m = usual(c.path("k7"), PASSWORD)
    m.add("HomeDomain", "seven", b"7" * 20, cls=7)
    m.damage_bag = flip_wpky(7)
    r = c.run(m.finish(), password=PASSWORD).must(3, "keybag is damaged", "the password fits, but the key of class 7",
                                                  "HomeDomain/seven: .*the key of class 7 in the keybag is damaged")
    r.has(SMS, small_db())

    m = usual(c.path("k3"), PASSWORD)
    m.damage_bag = flip_wpky(3)
    c.run(m.finish(), password=PASSWORD).must(4, "the password fits, but Manifest.db cannot be decrypted",
                                              "class 3.* is damaged")

    m = usual(c.path("cut"), PASSWORD)
    m.damage_bag = lambda bag: bag[:-30]  # the key of class 1, which no file here needs
    c.run(m.finish(), password=PASSWORD).must(0, "keybag is damaged").has(SMS, small_db())

    m = usual(c.path("half"), PASSWORD)
    m.damage_bag = lambda bag: bag[:100]
    c.run(m.finish(), password=PASSWORD).must(4, "damaged beyond use")

    m = usual(c.path("none"), PASSWORD)
    m.damage_bag = lambda bag: b""
    c.run(m.finish(), password=PASSWORD).must(4, "holds no keybag")

    m = usual(c.path("slow"), PASSWORD, dpic=2_000_000_000)
    start = time.monotonic()
    c.run(m.finish(), password=PASSWORD).must(4, "2000000000 and 100 rounds", "limit of 100000000")
    assert time.monotonic() - start < 10

    m = usual(c.path("absent"), PASSWORD)
    m.add("HomeDomain", "thirteen", b"x", cls=13)
    m.add("HomeDomain", "nine", b"x", cls=9)
    m.add("HomeDomain", "other", b"x" * 9)
    m.rows[-1] = (*m.rows[-1][:4], m.rows[0][4])  # the key of another file: a valid key, but the wrong one
    r = c.run(m.finish(), password=PASSWORD)
    r.must(3, "thirteen: .*the keybag has no class 13", "nine: .*the key of class 9 never leaves the phone")
    assert "HomeDomain/thirteen" not in r.files and "HomeDomain/nine" not in r.files


def single_derivation(c):
    """iOS 10.0 and 10.1: one derivation, Manifest.db in clear, contents encrypted."""
    m = usual(c.path("a"), PASSWORD, dpic=0)
    m.plain_manifest = True
    m.finish()
    c.run(m.folder).must(2, "is encrypted")
    c.run(m.folder, password=PASSWORD).must(0).has(SMS, small_db())
    c.run(m.folder, password="no").must(2, "does not fit")


def decrypted_by_others(c):
    """Contents and Manifest.db in clear, the plists as the phone wrote them."""
    e = usual(c.path("e"), PASSWORD).finish()
    p = usual(c.path("p")).finish()
    shutil.copy(f"{e}/Manifest.plist", f"{p}/Manifest.plist")
    c.run(p).must(0, "another tool has decrypted").has(SMS, small_db())
    c.run(p, password="whatever").must(0, "another tool has decrypted").has(SMS, small_db())


def plists(c):
    for name in ("Manifest", "Status", "Info"):
        p = usual(c.path("p" + name)).finish()
        os.unlink(f"{p}/{name}.plist")
        c.run(p).must(0, f"{name}.plist is missing").has(SMS, small_db())
        with open(f"{p}/{name}.plist", "wb") as f:
            f.write(b"bplist00 and then nothing")
        c.run(p).must(0, f"{name}.plist cannot be read").has(SMS, small_db())
    e = usual(c.path("e"), PASSWORD).finish()
    os.unlink(f"{e}/Manifest.plist")
    c.run(e, password=PASSWORD).must(4, "Manifest.plist, which holds its key, is missing")


def manifests(c):
    p = usual(c.path("p")).finish()
    db = f"{p}/Manifest.db"
    with open(db, "rb") as f:
        data = f.read()
    for what, text in ((b"", "is empty"), (b"x" * 5000, "is no database"), (data[:100], "is damaged|no table")):
        with open(db, "wb") as f:
            f.write(what)
        c.run(p).must(4, text, "Manifest.db", "[Cc]opy the")
    os.unlink(db)
    c.run(p).must(4, "Manifest.db, the list of the backup's files, is missing")
    with open(f"{p}/Manifest.mbdb", "wb") as f:
        f.write(b"mbdb\5\0")
    c.run(p).must(4, "iOS 9 or older")
    # Sixteen bytes of padding that a tool left.
    with open(db, "wb") as f:
        f.write(data + bytes([16]) * 16)
    c.run(p).must(0).has(SMS, small_db()).has("Manifest.db", data)
    os.unlink(db)
    other = sqlite3.connect(db)
    other.execute("CREATE TABLE t(x)")
    other.commit()
    other.close()
    c.run(p).must(4, "no table Files")

    e = usual(c.path("e"), PASSWORD).finish()
    other = usual(c.path("o"), PASSWORD)
    ios_make_secret, ios_make.secret = ios_make.secret, lambda name, n=32: ios_make_secret("other " + name, n)
    try:
        other.classes = {k: ios_make.secret(f"class {k}") for k in ios_make.CLASSES}
        other.finish()
    finally:
        ios_make.secret = ios_make_secret
    shutil.copy(f"{other.folder}/Manifest.db", f"{e}/Manifest.db")
    c.run(e, password=PASSWORD).must(4, "does not decrypt to a database although the password fits")


def unfinished(c):
    m = usual(c.path("a"))
    m.prefix = "Snapshot/"
    m.add("HomeDomain", "later", b"in the snapshot")
    m.finish()
    c.run(m.folder).must(0, "was not finished.*Snapshot").has("HomeDomain/later", b"in the snapshot")
    m = Maker(c.path("b"))
    m.prefix = "Snapshot/"
    m.add("HomeDomain", "only", b"in the snapshot")
    m.finish()
    for name in ("Manifest.db", "Manifest.plist", "Status.plist"):
        os.rename(f"{m.folder}/{name}", f"{m.folder}/Snapshot/{name}")
    r = c.run(m.folder).must(0, "was not finished").has("HomeDomain/only", b"in the snapshot")
    assert "Manifest.plist" in r.files and "Manifest.db" in r.files
    m = usual(c.path("c"))
    m.status["SnapshotState"] = "uploading"
    c.run(m.finish()).must(0, "was not finished.*Status.plist").has(SMS, small_db())


def places(c):
    os.mkdir(c.path("one"))
    usual(c.path("one/00008110-A")).finish()
    c.file("one/readme.txt", "hello")
    c.run(c.path("one")).must(0).has(SMS, small_db())
    usual(c.path("one/00008110-B")).finish()
    c.run(c.path("one")).must(2, "several acquisitions: 00008110-A, 00008110-B")
    os.mkdir(c.path("empty"))
    c.run(c.path("empty")).must(4, "no acquisition of a known kind")
    c.run(c.path("nothing")).must(2, "cannot be opened: No such file")
    c.run(c.file("text", "hello, this is no archive\n" * 100)).must(4, "neither a folder nor an archive")
    c.run("/dev/null").must(2, "neither a folder nor a file")
    # A stray Manifest.db above the backup does not hide it.
    os.mkdir(c.path("stray"))
    usual(c.path("stray/backup")).finish()
    c.file("stray/Manifest.db", "")
    c.run(c.path("stray")).must(0).has(SMS, small_db())
    flat = usual(c.path("flat"))
    flat.flat = True
    flat.add("HomeDomain", "flat", b"as before iOS 10")
    c.run(flat.finish()).must(0).has("HomeDomain/flat", b"as before iOS 10")


def archives(c):
    for password in (None, PASSWORD):
        p = usual(c.path(f"p{password is None}"), password).finish()
        for inside in ("", "some-phone/"):
            names = []
            for kind, mode in (("tar", "w"), ("tar.gz", "w:gz"), ("tar.xz", "w:xz")):
                names.append(c.path(f"{len(inside)}{password is None}.{kind}"))
                with tarfile.open(names[-1], mode) as t:
                    for name in sorted(os.listdir(p), reverse=True):  # the manifest before the contents
                        t.add(os.path.join(p, name), inside + name)
            names.append(c.path(f"{len(inside)}{password is None}.zip"))
            with zipfile.ZipFile(names[-1], "w", zipfile.ZIP_DEFLATED) as z:
                for at, _, files in os.walk(p):
                    for name in files:
                        full = os.path.join(at, name)
                        z.write(full, inside + os.path.relpath(full, p))
            for name in names:
                c.run(name, password=password).must(0).has(SMS, small_db())
                r = c.run(name, "--glob", "**/a.plist", password=password).must(0)
                assert sorted(r.files) == ["HomeDomain/Library/Preferences/a.plist"], r.files


def odd_rows(c):
    m = usual(c.path("a"))
    m.add("HomeDomain", "../../../escape", b"1")
    m.add("../HomeDomain", "x", b"2")
    m.add("HomeDomain", "a\0b", b"3")
    m.add("HomeDomain", "bell\7 and \u202eturned", b"4")
    m.add("HomeDomain", "./x/./y", b"5")
    m.add("HomeDomain", "/absolute", b"6")
    m.add("Manifest.db", "", b"7")
    m.add("HomeDomain", "x" * 300, b"8")
    m.add("HomeDomain", "twice", b"9")
    m.add("HomeDomain", "twice", b"10", file_id="ab" * 20)
    m.add("HomeDomain", "folder with content", b"11", flags=2)
    m.add("HomeDomain", "no id", b"12", file_id="zz")
    os.rename(f"{m.folder}/zz/zz", os.path.join(m.folder, ios_make.content_id("HomeDomain", "no id")))
    m.add("HomeDomain", "no blob", b"13")
    m.rows[-1] = (*m.rows[-1][:4], b"")
    m.add("HomeDomain", "text blob", b"14")
    m.sql.append("UPDATE Files SET file = CAST(x'ff4142' AS TEXT) WHERE relativePath = 'text blob'")
    m.rows.append((ios_make.content_id("HomeDomain", "bytes"), "HomeDomain", b"\xff\xfe", 1, m.rows[0][4]))
    m.finish()
    r = c.run(m.folder)
    for path, data in (("HomeDomain/%2e%2e/%2e%2e/%2e%2e/escape", b"1"), ("..%2fHomeDomain/x", b"2"),
                       ("HomeDomain/a%00b", b"3"), ("HomeDomain/bell%07 and %e2%80%aeturned", b"4"),
                       ("HomeDomain/%2e/x/%2e/y", b"5"), ("HomeDomain/%2f/absolute", b"6"),
                       ("HomeDomain/twice", b"9"), ("HomeDomain/folder with content", b"11"),
                       ("HomeDomain/no id", b"12"), ("HomeDomain/no blob", b"13"),
                       ("HomeDomain/text blob", b"14"), (SMS, small_db())):
        r.has(path, data)
    assert b"7" in [v for k, v in r.files.items() if k.startswith("Manifest.db (row ")], r.files.keys()
    assert b"10" in [v for k, v in r.files.items() if k.startswith("HomeDomain/twice (row ")], r.files.keys()
    assert b"8" in [v for k, v in r.files.items() if k.startswith("HomeDomain/xxx") and len(k) == 266]
    r.must(3, "rewritten", "share one path", "not the SHA-1", "no file, but there is content",
           "HomeDomain/text blob: text")
    outside = set(os.listdir(c.tmp)) - {"a"} - {f"out{i}" for i in range(c.n + 1)}
    assert not outside, outside


def lengths(c):
    m = usual(c.path("a"), PASSWORD)
    db = small_db("a text that is repeated")
    assert len(db) > 12288
    m.add("D", "small", db, size=10)
    m.add("D", "big", db, size=len(db) * 2)
    m.add("D", "cut", db, stored=lambda s: s[:4096])
    m.add("D", "mid", db, stored=lambda s: s[:1001])
    m.add("D", "tail", db, stored=lambda s: s + bytes(4096))
    m.add("D", "hole", db, stored=lambda s: s[:4096] + bytes(4096) + s[8192:])
    m.add("D", "nothing left", db, stored=lambda s: b"")
    m.add("D", "gone", db, stored=False)
    m.add("D", "empty", b"")
    m.add("D", "empty, no key", b"", key=False)
    m.add("D", "empty, not there", b"", key=False, stored=False)
    m.add("D", "plain", b"in clear", key=False)
    r = c.run(m.finish(), password=PASSWORD)
    r.must(3, "D/small: the size", "D/big: the size", "D/cut: does not end in valid padding",
           "D/mid: ends inside a cipher block", "D/tail: does not end in valid padding.*cut to",
           "D/hole: a run of zeros", "D/nothing left: .*nothing is left", "D/gone: listed .*not there",
           "D/plain: a file without a key")
    for path, data in (("small", db), ("big", db), ("cut", db[:4096]), ("mid", db[:992]), ("tail", db),
                       ("nothing left", b""), ("empty", b""), ("empty, no key", b""), ("empty, not there", b""),
                       ("plain", b"in clear")):
        r.has("D/" + path, data)
    assert "D/gone" not in r.files and "D/empty" not in r.err
    assert r.files["D/hole"][:4096] == db[:4096] and r.files["D/hole"][8208:] == db[8208:]
    assert "could not be read" in r.out and "damaged or incomplete" in r.out, r.out


def destination(c):
    p = usual(c.path("p")).finish()
    secret = c.file("secret", "untouched")
    dest = c.path("out1")
    os.makedirs(f"{dest}/HomeDomain")
    os.symlink(c.tmp, f"{dest}/HomeDomain/Library")  # leads out of DEST
    r = c.run(p).must(2, "could not be written .(Too many levels|Not a directory)")
    assert not os.path.exists(c.path("SMS")) and os.path.islink(f"{dest}/HomeDomain/Library")
    dest = c.path("out2")
    os.makedirs(f"{dest}/HomeDomain/Library/SMS")
    os.symlink(secret, f"{dest}/{SMS}")
    r = c.run(p).must(2)
    assert "exist already" in r.out and os.path.islink(f"{dest}/{SMS}"), r.out
    c.n -= 1
    c.run(p, "--force").must(0).has(SMS, small_db())
    assert not os.path.islink(f"{dest}/{SMS}")
    with open(secret, encoding="utf-8") as f:
        assert f.read() == "untouched"
    c.n -= 1
    r = c.run(p).must(2)
    assert "4 exist already" in r.out or "6 exist already" in r.out, r.out
    inside = Run(p, f"{p}/out").must(2, "lies inside the acquisition")
    assert inside.files == {}
    shutil.rmtree(f"{p}/out", ignore_errors=True)
    Run(p, c.file("file", "x")).must(2, "cannot be made or opened")
    Run(p, c.path("no/such/parent")).must(2, "cannot be made or opened")
    assert subprocess.run([TELASSAY, "extract", p], capture_output=True, check=False).returncode == 2
    # Everything has plain rights for its owner only.
    assert os.stat(f"{dest}/{SMS}").st_mode & 0o777 == 0o600


def wal(c):
    """Rows that only lie in the write-ahead log of Manifest.db are listed."""
    m = usual(c.path("p"))
    m.add("HomeDomain", "newest", b"only in the log")
    last = m.rows.pop()
    m.finish()
    db = sqlite3.connect(f"{m.folder}/Manifest.db")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    db.execute("INSERT INTO Files VALUES(?,?,?,?,?)", last)
    db.commit()
    shutil.copytree(m.folder, c.path("copy"))
    db.close()
    assert os.path.getsize(c.path("copy/Manifest.db-wal")) > 0
    before = sorted(os.listdir(c.path("copy")))
    c.run(c.path("copy")).must(0).has("HomeDomain/newest", b"only in the log")
    assert sorted(os.listdir(c.path("copy"))) == before, "something was written into the evidence"


CASES = [sound, password_of_plain, passwords, prompt, keybags, single_derivation, decrypted_by_others, plists,
         manifests, unfinished, places, archives, odd_rows, lengths, destination, wal]


def main(names):
    failed = 0
    for case in CASES:
        if names and case.__name__ not in names:
            continue
        with tempfile.TemporaryDirectory() as tmp:
            try:
                case(Case(tmp))
                print(f"ok: {case.__name__}")
            except AssertionError as e:
                failed += 1
                line = e.__traceback__.tb_next.tb_lineno
                print(f"FAILED: {case.__name__}:{line}: {e}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
