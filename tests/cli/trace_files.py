#!/usr/bin/python3
"""No file is created or written but the outputs that were asked for: shown by tracing system calls.

The backup is encrypted, so that a decrypted copy anywhere else would be one too many. exit 77: no strace here.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from ios_make import PASSWORD, usual

TELASSAY = os.environ["TELASSAY"]
CALLS = ("open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,"
         "mknod,mknodat,truncate,unlink,unlinkat,memfd_create,execve")
# Calls that change something whatever their flags are.
CHANGING = re.compile(r"(creat|rename\w*|link\w*|symlink\w*|mkdir\w*|mknod\w*|truncate|unlink\w*|memfd_create)\(")
WRITING = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)")
HARMLESS = ("/dev/null", "/dev/tty")


def paths(line):
    """Absolute paths that a call names; those relative to a descriptor are put behind its path."""
    for at, name in re.findall(r'(?:(AT_FDCWD(?:<[^>]*>)?|\d+<[^>]*>), )?"((?:[^"\\]|\\.)*)"', line):
        base = re.search(r"<([^>]*)>", at)
        yield os.path.normpath(os.path.join(base.group(1) if base else os.getcwd(), name))


def calls(log):
    """The calls that succeeded, each on one line; what another process cut in two is joined."""
    begun = {}
    with open(log, encoding="utf-8", errors="replace") as f:
        for line in f:
            pid, _, rest = line.strip().partition(" ")
            if rest.endswith("<unfinished ...>"):
                begun[pid] = rest.removesuffix("<unfinished ...>")
                continue
            resumed = re.match(r"\s*<\.\.\. \w+ resumed>", rest)
            if resumed:
                rest = begun.pop(pid, "") + rest[resumed.end():]
            if not re.search(r"\) += -1 E", rest):
                yield " " + rest.strip()
    yield from (" " + rest for rest in begun.values())


def strays(log, allowed):
    for line in calls(log):
        if CHANGING.search(line) or (" open" in line and WRITING.search(line)):
            named = list(paths(line))
            if not named or any(not p.startswith((allowed + "/", *HARMLESS)) and p != allowed for p in named):
                yield line.strip()


def traced(tmp, name, out, *args):
    """True when the run wrote below out only, and did write."""
    log = f"{tmp}/{name}.trace"
    # Leaks cannot be looked for under a tracer; other tests do.
    env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
    run = subprocess.run(["strace", "-f", "-y", "-s", "4096", "-e", f"trace={CALLS}", "-o", log, TELASSAY, *args],
                         stdin=subprocess.DEVNULL, capture_output=True, env=env, check=False, timeout=300)
    found = list(strays(log, out))
    for line in found[:20]:
        print(f"{name}: outside {out}: {line}", file=sys.stderr)
    wrote = os.path.isdir(out) and any(files for _, _, files in os.walk(out))
    if not wrote:
        print(f"{name}: nothing was written: exit {run.returncode} {run.stderr.decode()}", file=sys.stderr)
    with open(log, encoding="utf-8", errors="replace") as f:
        lines = sum(1 for _ in f)
    print(f"{name}: {lines} calls, {len(found)} outside of what was asked for")
    return wrote and not found


def listing(folder):
    return sorted((os.path.join(at, n), os.stat(os.path.join(at, n)).st_mtime_ns)
                  for at, _, names in os.walk(folder) for n in names)


def can_trace():
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "/bin/true"], capture_output=True, check=False).returncode == 0


def has_verb(verb):
    return subprocess.run([TELASSAY, verb, "-h"], capture_output=True, check=False).returncode == 0


def main():
    if not can_trace():
        print("skipped: strace is not there or may not trace")
        return 77
    with tempfile.TemporaryDirectory() as tmp:
        tmp = os.path.realpath(tmp)
        backup = usual(f"{tmp}/backup", PASSWORD).finish()
        with open(f"{tmp}/password", "w", encoding="ascii") as f:
            f.write(PASSWORD)
        how = ("--password-file", f"{tmp}/password")
        before = listing(backup)
        ok = traced(tmp, "extract", f"{tmp}/out", "extract", backup, f"{tmp}/out", *how)
        if has_verb("check"):
            ok = traced(tmp, "check", f"{tmp}/report", "check", backup, "-o", f"{tmp}/report", *how) and ok
        if listing(backup) != before:
            print("the backup was changed", file=sys.stderr)
            ok = False
        # The tracer sees what it must: the same run with another folder named is a stray.
        log = f"{tmp}/extract.trace"
        if not list(strays(log, f"{tmp}/elsewhere")):
            print("the trace shows no file at all", file=sys.stderr)
            ok = False
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
