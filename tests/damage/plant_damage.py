#!/usr/bin/python3
"""Plant, then damage: a phone on which a trace of something that ran was
planted, and whose file that holds the trace was then damaged, must never be
told to have no known trace.

usage: plant_damage.py [--cases N] [--clean N] [--seed N] [--only CASE --keep DIR] [TELASSAY]

Case K of a seed is always the same. A case that slips through is named with
the options that make it again; --only K --keep DIR leaves its phone there."""
import argparse
import concurrent.futures
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sample"))
from backup import Backup

PASSWORD = "correct horse"
VERDICT = {0: "no-known-trace", 1: "match", 2: "an error", 3: "inconclusive", 4: "invalid-input", 5: "suspicious"}
GOOD = (1, 3, 5)
# Each shows that something ran or was installed.
TRACES = [
    ("ios.datausage", ""), ("ios.datausage", "pair"), ("ios.datausage", "bundle"), ("ios.datausage", "cut"), ("ios.datausage", "wal"),
    ("ios.osanalytics_addaily", ""), ("ios.tcc", ""), ("ios.locationd_clients", ""),
    ("ios.locationd_clients", "executable"), ("ios.profile_events", ""), ("ios.profile_events", "id"),
    ("ios.configuration_profiles", ""),
]
PLAIN_SHARE = 0.05  # plain backups are inconclusive anyway


class Base:
    """One sample phone with one trace, and the file that holds it."""

    def __init__(self, tmp, telassay, n, artifact, form, encrypted):
        self.artifact, self.form, self.encrypted = artifact, form, encrypted
        self.dir = os.path.join(tmp, f"base-{n:02d}{'e' if encrypted else 'p'}")
        self.stix = self.dir + ".stix2"
        value = "s00.example.implantd"
        if artifact == "ios.configuration_profiles" or form == "id":
            value = "7E1A55A9-0000-4000-8000-0000000000A0"
        args = [telassay, "sample", self.dir, "--seed", str(n + 1), "--size", "3", "--messages", "60", "--visits", "60",
                "--whatsapp", "20", "--entries", "200", "--stix", self.stix, "--plant", f"{artifact}={value}" + (f":{form}" if form else "")]
        if encrypted:
            args += ["--encrypt", "--password-file", os.path.join(tmp, "password"), "--dpic", "100", "--iter", "100"]
        subprocess.run(args, check=True)
        b = Backup(self.dir, PASSWORD)
        needle = (value[:16] if form == "cut" else value).encode()
        self.key = next(k for k in sorted(b.files) if needle in (b.read(*k) or b""))
        fid, _, objects = b.files[self.key]
        self.file = os.path.join(fid[:2], fid)
        self.plain = b.read(*self.key)
        self.aim = self.plain.index(needle)
        self.filekey = None
        if encrypted:
            self.filekey = b._file_key(objects[objects[1]["EncryptionKey"].data]["NS.data"])

    def stored(self, plain):
        """Content as it lies in the backup."""
        if not self.encrypted:
            return plain
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        e = Cipher(algorithms.AES(self.filekey), modes.CBC(bytes(16))).encryptor()
        pad = 16 - len(plain) % 16
        return e.update(plain + bytes([pad]) * pad) + e.finalize()


def somewhere(r, size, n, aim):
    """Where n of size bytes begin: anywhere, or every third time over or near
    the planted value at aim."""
    at = r.randint(0, size - n)
    if r.random() < 0.33:
        at = min(max(0, aim - r.randint(0, n + 16)), size - n)
    return at


def zeroed(r, data, aim, least=4096):
    """At least that many bytes set to zero, or all when there are fewer."""
    n = min(len(data), r.choice([least, least, r.randint(least, 4 * least), r.randint(least, 16 * least)]))
    at = somewhere(r, len(data), n, aim)
    if r.random() < 0.5:
        at -= at % 4096
    return data[:at] + bytes(n) + data[at + n:]


def garbled(r, data, aim):
    n = min(len(data), r.choice([1, 16, 64, r.randint(1, 512), r.randint(512, 20000)]))
    at = somewhere(r, len(data), n, aim)
    while True:
        new = r.randbytes(n)
        if new != data[at:at + n]:
            return data[:at] + new + data[at + n:]


def damage(r, base):
    """What is done, and the bytes that then lie in the backup (None: no file)."""
    stored = base.stored(base.plain)
    kind = r.choice(["removed", "cut", "cut", "zeroed", "zeroed", "zeroed-stored", "garbled", "garbled"])
    if kind == "removed":
        return kind, None
    if kind == "cut":
        n = r.randint(0, len(stored) - 1)
        return f"cut at {n} of {len(stored)}", stored[:n]
    if kind == "zeroed":  # on the phone, before the backup was made
        return "zeroed on the phone", base.stored(zeroed(r, base.plain, base.aim))
    if kind == "zeroed-stored":
        return "zeroed in the backup", zeroed(r, stored, base.aim)
    return "garbled", garbled(r, stored, base.aim)


class Run:
    def __init__(self, a, tmp):
        self.a, self.tmp = a, tmp
        with open(os.path.join(tmp, "password"), "w", encoding="utf-8") as f:
            f.write(PASSWORD + "\n")
        self.encrypted = [Base(tmp, a.telassay, n, x, form, True) for n, (x, form) in enumerate(TRACES)]
        self.plain = {}  # made when they are needed
        self.lock = threading.Lock()

    def base(self, r):
        n, plain = r.randrange(len(TRACES)), r.random() < PLAIN_SHARE
        if not plain:
            return self.encrypted[n]
        with self.lock:
            if n not in self.plain:
                self.plain[n] = Base(self.tmp, self.a.telassay, n, *TRACES[n], False)
            return self.plain[n]

    def check(self, d, stix, encrypted):
        args = [self.a.telassay, "check", d, "-j", "1", "--timeline", "none"]
        if stix:
            args += ["-i", stix]
        if encrypted:
            args += ["--password-file", os.path.join(self.tmp, "password")]
        return subprocess.run(args, capture_output=True, text=True)

    def undamaged(self, base):
        return self.check(base.dir, base.stix, base.encrypted)

    def case(self, k):
        r = random.Random(f"{self.a.seed}-{k}")
        base = self.base(r)
        what, data = damage(r, base)
        d = os.path.join(self.a.keep or self.tmp, f"case-{k}")
        shutil.copytree(base.dir, d, copy_function=os.link)
        path = os.path.join(d, base.file)
        os.unlink(path)
        if data is not None:
            with open(path, "wb") as f:
                f.write(data)
        out = self.check(d, base.stix, base.encrypted)
        if not self.a.keep:
            shutil.rmtree(d)
        name = f"case {k}: {base.artifact}{':' if base.form else ''}{base.form}, {'encrypted' if base.encrypted else 'plain'}, {what}"
        return name, out

    def clean(self, seed):
        d = os.path.join(self.tmp, f"clean-{seed}")
        subprocess.run([self.a.telassay, "sample", d, "--seed", str(1000 + seed), "--encrypt", "--password-file",
                        os.path.join(self.tmp, "password"), "--dpic", "100", "--iter", "100"], check=True)
        out = self.check(d, self.encrypted[seed % len(self.encrypted)].stix, True)
        shutil.rmtree(d)
        return f"clean phone, seed {1000 + seed}", out


def report(name, out, what):
    print(f"{name}: {VERDICT.get(out.returncode, f'exit {out.returncode}')}, {what}")
    for line in (out.stdout.strip().split("\n")[-1:] + out.stderr.strip().split("\n")[:2]):
        if line:
            print("    " + line)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("telassay", nargs="?", default=os.environ.get("TELASSAY", "build/release/telassay"))
    p.add_argument("--cases", type=int, default=1000)
    p.add_argument("--clean", type=int, default=6, help="undamaged clean phones")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", type=int, help="this case alone")
    p.add_argument("--keep", help="leave the damaged phones there")
    a = p.parse_args()
    try:
        import cryptography  # noqa: F401
    except ImportError:
        print("skipped: python3-cryptography is not installed")
        return 77
    bad, count = 0, {}
    with tempfile.TemporaryDirectory(dir=a.keep, prefix="plant-damage-") as tmp:
        run = Run(a, tmp)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            if a.only is None:
                for base, out in zip(run.encrypted, pool.map(run.undamaged, run.encrypted)):
                    if out.returncode != 1:
                        bad += 1
                        report(f"{base.artifact}:{base.form} undamaged", out, "not match")
                for name, out in pool.map(run.clean, range(a.clean)):
                    if out.returncode != 0:
                        bad += 1
                        report(name, out, "not no-known-trace")
            for name, out in pool.map(run.case, range(a.cases) if a.only is None else [a.only]):
                verdict = VERDICT.get(out.returncode, f"exit {out.returncode}")
                count[verdict] = count.get(verdict, 0) + 1
                if out.returncode not in GOOD:
                    bad += 1
                    report(name, out, "must be match, suspicious or inconclusive")
                elif a.only is not None:
                    report(name, out, "as it should")
    total = sum(count.values())
    print(f"{total} damaged phones: " + ", ".join(f"{n} {v}" for v, n in sorted(count.items())) + f"; {bad} failures")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
