#!/usr/bin/python3
"""`telassay check` at the command line: what it takes, prints, writes, refuses, and what survives faults."""
import glob
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

TELASSAY = os.environ.get("TELASSAY", "build/dev/telassay")
SHARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared")
VERDICTS = {"no-known-trace": 0, "match": 1, "inconclusive": 3, "invalid-input": 4, "suspicious": 5}
skipped = []


def run(*args, env=None, stdin=subprocess.DEVNULL):
    return subprocess.run([TELASSAY, *args], capture_output=True, text=True, stdin=stdin, check=False,
                          env={**os.environ, **(env or {})})


def check(*args, code=None, env=None):
    r = run("check", *args, env=env)
    assert code is None or r.returncode == code, f"{args}: exit {r.returncode}, not {code}\n{r.stderr}\n{r.stdout[-500:]}"
    return r


def report(*args, env=None):
    r = check(*args, "-f", "json", env=env)
    assert r.stdout, r.stderr
    return json.loads(r.stdout)


def refused(*args, says, env=None):
    """Exit 2, nothing on standard output, and a message that says what is wrong."""
    r = check(*args, code=2, env=env)
    assert r.stdout == "", r.stdout
    assert says in r.stderr, f"{args}: {says!r} is not in {r.stderr!r}"


def coverage(rep):
    return {c["artifact"]: c for c in rep["coverage"]}


def without_run(rep):
    rep = dict(rep)
    rep.pop("run")
    return json.dumps(rep, sort_keys=False)


def parts(folder):
    """What an aborted output would leave behind."""
    return [f for f in glob.glob(folder + "/**/.*", recursive=True) if f.endswith(".part")]


class Phones:
    """Two samples: encrypted and clean, plain with a process that ran."""

    def __init__(self, tmp):
        self.tmp = tmp
        self.password = self.file("password", "correct horse\n")
        self.wrong = self.file("wrong", "battery staple\n")
        self.stix = os.path.join(tmp, "planted.stix2")
        self.clean = os.path.join(tmp, "clean")
        self.infected = os.path.join(tmp, "infected")
        for folder, args in ((self.clean, ["--encrypt", "--password-file", self.password, "--dpic", "10", "--iter", "10"]),
                             (self.infected, ["--plant", "ios.datausage=telassayd", "--stix", self.stix])):
            r = run("sample", folder, *args)
            assert r.returncode == 0, r.stderr

    def file(self, name, text):
        path = os.path.join(self.tmp, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def consent(self, *scopes):
        record = {"schema": "telassay.consent/1", "by": "A. Tester", "subject": "phone-1", "scopes": list(scopes),
                  "created": "2024-01-01T00:00:00Z", "until": None}
        return self.file("consent-" + "-".join(scopes), json.dumps(record))


def test_usage(p):
    refused(says="an acquisition is needed")
    refused(p.infected, "-j", "0", says="--jobs 0")
    refused(p.infected, "-j", "x", says="--jobs x")
    refused(p.infected, "-j", "257", says="256")
    refused(p.infected, "-f", "html", says="--format html")
    refused(p.infected, "--timeline", "some", says="findings, full or none")
    refused(p.infected, "--progress", "text", says="--progress text")
    refused(p.infected, "--artifact", "ios.nothing", says="ios.nothing")
    refused(p.infected, "--detector", "nothing", says="indicators")
    refused(p.infected, "--nothing", says="--nothing")
    for option in ("--fleet", "--baseline", "-r"):
        refused(p.infected, option, "x", says="this version cannot do that yet")
    refused("/nonexistent/phone", says="/nonexistent/phone: No such file")
    refused(p.infected, "-i", "/nonexistent/set", says="/nonexistent/set")
    refused(p.infected, "--password-file", "/nonexistent/pw", says="/nonexistent/pw")
    refused(p.infected, "--keep-records", says="-o DIR")
    refused(p.infected, "--keep-records", "-o", p.tmp + "/k", says="--consent")
    refused(p.infected, "--consent", p.password, says=p.password)
    assert not os.path.exists(p.tmp + "/k")
    r = run("check", "-h")
    assert r.returncode == 0 and "exit codes" in r.stdout


def test_last_line(p):
    for args in ((p.infected,), (p.infected, "-i", p.stix), (p.clean, "--password-file", p.password), (p.tmp + "/empty",)):
        r = check(*args)
        last = r.stdout.rstrip("\n").split("\n")[-1]
        assert last.startswith("verdict: "), last
        word, sentence = last[len("verdict: "):].split(" - ", 1)
        assert VERDICTS[word] == r.returncode and sentence, last
        assert r.stderr.count("\r") == 0, "progress although it is no terminal"
    assert "an acquisition" in r.stderr or "Known are" in r.stderr, r.stderr


def test_match(p):
    rep = report(p.infected, "-i", p.stix)
    assert rep["verdict"] == "match", rep["verdict"]
    hits = [f for f in rep["findings"] if f["indicator"]["value"] == "telassayd"]
    assert len(hits) == 1 and hits[0]["artifact"] == "ios.datausage" and hits[0]["role"] == "execution"
    near = [json.loads(x) for x in run_out(p, "timeline.jsonl", p.infected, "-i", p.stix).splitlines()]
    assert near, "no event around the finding"
    assert report(p.infected, "-i", p.stix, "--detector", "indicators")["findings"] == rep["findings"]
    assert report(p.infected, "-i", p.stix, "--artifact", "ios.sms")["verdict"] == "inconclusive"


def run_out(p, name, *args):
    folder = os.path.join(p.tmp, "out-tmp")
    shutil.rmtree(folder, ignore_errors=True)
    check(*args, "-o", folder)
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        return f.read()


def test_passwords(p):
    refused(p.clean, says="password")
    refused(p.clean, "--password-file", p.wrong, says="password")
    fd = os.open(p.password, os.O_RDONLY)
    r = subprocess.run([TELASSAY, "check", p.clean, "--password-fd", str(fd), "-f", "json"], capture_output=True,
                       pass_fds=[fd], stdin=subprocess.DEVNULL, check=False)
    os.close(fd)
    assert json.loads(r.stdout)["acquisition"]["encrypted"] is True
    # One that is not needed is no fault.
    assert report(p.infected, "--password-file", p.password)["acquisition"]["encrypted"] is False


def test_output(p):
    out = os.path.join(p.tmp, "out")
    check(p.infected, "-o", out, "-i", p.stix, code=1)
    names = sorted(os.listdir(out))
    assert names == ["report.html", "report.json", "timeline.csv", "timeline.jsonl"], names
    with open(out + "/report.json", encoding="utf-8") as f:
        first = f.read()
    refused(p.infected, "-o", out, says="--force")
    with open(out + "/report.json", encoding="utf-8") as f:
        assert f.read() == first
    check(p.infected, "-o", out, "--force", "--label", "Phone 1", code=3 if not p.default_indicators() else None)
    with open(out + "/report.json", encoding="utf-8") as f:
        assert f.read() != first
    assert sorted(os.listdir(out)) == names
    refused(p.infected, "-o", p.password, says=p.password)  # a file, no folder


def test_several(p):
    out = os.path.join(p.tmp, "several")
    r = check(p.infected, p.clean, "/nonexistent/phone", p.tmp + "/empty", "-i", p.stix, "--password-file", p.password,
              "-f", "json", "-o", out, code=1)
    reports = json.loads(r.stdout)
    assert [x["verdict"] == "match" for x in reports] == [True, False, False]
    assert reports[2]["verdict"] == "invalid-input"
    assert sorted(os.listdir(out)) == ["clean-2", "empty-4", "infected-1"], os.listdir(out)
    assert "/nonexistent/phone" in r.stderr
    r = check("/nonexistent/phone", p.tmp + "/empty", code=2)  # 2 is graver than 4
    last = r.stdout.rstrip().split("\n")[-1]
    assert last.startswith("verdict: invalid-input - ") and "holds no acquisition of a known kind" in last, last
    r = check(p.infected, p.infected, "--label", "../x", "-o", out + "2")
    assert sorted(os.listdir(out + "2")) == ["_._x-1", "_._x-2"], os.listdir(out + "2")


def test_deterministic(p):
    args = (p.infected, "-i", p.stix, "--timeline", "full")
    want = without_run(report(*args, "-j", "1"))
    for jobs, env in (("1", {"TZ": "Asia/Kathmandu"}), ("2", {}), ("5", {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns"}),
                      ("4", {"LC_ALL": "C"})):
        assert without_run(report(*args, "-j", jobs, env=env)) == want, f"-j {jobs} {env}"


def test_timeline(p):
    """The hours around findings, read by jumping over rows, against the full timeline cut to them."""
    big, stix = os.path.join(p.tmp, "big"), os.path.join(p.tmp, "big.stix2")
    plants = [x for t in ("ios.sms=a.example", "ios.whatsapp=b.example", "ios.safari_history=c.example",
                          "ios.datausage=telassayd") for x in ("--plant", t)]
    r = run("sample", big, "--size", "20", *plants, "--stix", stix)
    assert r.returncode == 0, r.stderr

    def events(which):
        text = run_out(p, "timeline.jsonl", big, "-i", stix, "--timeline", which)
        return [json.loads(x) for x in text.splitlines()]
    full, near = events("full"), events("findings")
    hits = [e["timestamp"] for e in full if e.get("finding")]
    half = 1800 * 1000000
    want = [e for e in full if any(abs(e["timestamp"] - h) <= half for h in hits)]
    assert len(hits) >= 4 and 2 * len(near) < len(full), (len(hits), len(near), len(full))
    assert near == want, f"{len(near)} events, not {len(want)}"
    assert events("none") == []


def test_consent(p):
    both, only = p.consent("check", "keep"), p.consent("check")
    keep = os.path.join(p.tmp, "keep")
    refused(p.infected, "--consent", p.consent("fleet"), says="check")
    refused(p.infected, "--keep-records", "--consent", only, "-o", keep, says="keep")
    # Samples are no evidence: nothing of them is kept, and no folder is left.
    refused(p.infected, "--keep-records", "--consent", both, "-o", keep, says="sample")
    assert not os.path.exists(keep)
    real = os.path.join(SHARED, "data", "ios", "mvt-backup", "ios_backup")
    if not os.path.exists(real):
        skipped.append("records of a real phone: lacks shared/data/ios/mvt-backup")
        return
    rep = check(real, "--keep-records", "--consent", both, "-o", keep, "-f", "json")
    rep = json.loads(rep.stdout)
    db = sqlite3.connect(f"file:{keep}/records.sqlite?mode=ro", uri=True)
    counts = dict(db.execute("SELECT artifact, count(*) FROM records GROUP BY artifact"))
    want = {c["artifact"]: c["records"] for c in rep["coverage"] if c["records"]}
    assert counts == want, (counts, want)
    for (text,) in db.execute("SELECT json FROM records"):
        json.loads(text)
    assert os.stat(keep + "/records.sqlite").st_mode & 0o77 == 0
    assert not parts(keep)
    refused(real, "--keep-records", "--consent", both, "-o", keep, says="--force")


def test_progress(p):
    r = check(p.infected, "--progress", "json")
    lines = [json.loads(x) for x in r.stderr.splitlines() if x.startswith("{")]
    assert lines and all({"doing", "files", "files_done", "bytes", "eta_seconds"} <= set(x) for x in lines), r.stderr


def test_stopped(p):
    """A signal in the middle of a long derivation: no output, no process left."""
    slow, out = os.path.join(p.tmp, "slow"), os.path.join(p.tmp, "slow-out")
    r = run("sample", slow, "--encrypt", "--password-file", p.password, "--dpic", "2500000", "--iter", "10")
    assert r.returncode == 0, r.stderr
    for sig in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen([TELASSAY, "check", slow, "--password-file", p.password, "-o", out],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as proc:
            time.sleep(0.4)
            proc.send_signal(sig)
            stdout, stderr = proc.communicate(timeout=5)
        assert proc.returncode == -sig, (proc.returncode, stderr)
        assert stdout == b"" and not os.path.exists(out)
    left = subprocess.run(["pgrep", "-f", slow], capture_output=True, text=True, check=False).stdout
    assert left == "", left


def test_faults(p):
    """Each costs one artifact, which says so; the rest is as it was."""
    probe = report(p.infected, env={"TELASSAY_TEST_FAULT": "*:no-seccomp"})
    notes = [n for n in probe["notes"] if "sandbox" in n["text"]]
    if not notes:
        skipped.append("faults: this build has no test hooks")
        return
    assert probe["verdict"] in ("inconclusive", "suspicious", "match") and notes[0]["artifact"] is None
    healthy = report(p.infected, "-i", p.stix)
    for fault, word in (("crash", "crashed"), ("kill", "SIGKILL"), ("hang", "CPU time"), ("sleep", "slept"),
                        ("fail-open", "could not be read"), ("garbage", "sent what no worker")):
        rep = report(p.infected, "-i", p.stix, env={"TELASSAY_TEST_FAULT": f"ios.sms:{fault}"})
        lost, rest = coverage(rep), coverage(healthy)
        sms = lost.pop("ios.sms")
        assert sms["status"] == "failed" and any(word in x for x in sms["reasons"]), (fault, sms)
        rest.pop("ios.sms")
        assert lost == rest, fault
        assert rep["verdict"] == "match", fault
    rep = report(p.infected, "--artifact", "ios.sms", env={"TELASSAY_TEST_FAULT": "ios.sms:crash@100"})
    assert coverage(rep)["ios.sms"]["status"] == "partial"
    r = check(p.infected, env={"TELASSAY_TEST_FAULT": "opener:crash"}, code=2)
    assert "died" in r.stderr and r.stdout == ""


def test_no_files(p):
    """Nothing is opened for writing, nothing is made: no byte of the phone reaches a disk."""
    if shutil.which("strace") is None:
        skipped.append("traced files: lacks strace")
        return
    log = os.path.join(p.tmp, "strace")
    r = subprocess.run(["strace", "-f", "-o", log, "-e", "trace=%file,memfd_create", TELASSAY, "check", p.clean,
                        "--password-file", p.password, "-f", "json"], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if not r.stdout:
        skipped.append("traced files: strace cannot trace here")
        return
    json.loads(r.stdout)
    bad = ("O_CREAT", "O_WRONLY", "O_TMPFILE", "memfd_create", "mkdir", "rename", "O_RDWR")
    with open(log, encoding="utf-8", errors="replace") as f:
        lines = [x for x in f if any(b in x for b in bad) and '"/dev/null"' not in x]
    assert not lines, lines[:5]


def main():
    with tempfile.TemporaryDirectory(prefix="telassay-check-") as tmp:
        p = Phones(tmp)
        os.mkdir(tmp + "/empty")
        p.default_indicators = lambda: bool(report(p.infected)["indicators"]["sets"])
        for name, test in list(globals().items()):
            if name.startswith("test_"):
                start = time.time()
                test(p)
                print(f"{name} {time.time() - start:.1f} s")
    for s in skipped:
        print("skipped:", s)
    return 0


if __name__ == "__main__":
    sys.exit(main())
