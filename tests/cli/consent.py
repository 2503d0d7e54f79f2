#!/usr/bin/python3
"""`telassay consent new`: what it writes, and what it refuses with exit 2."""
import datetime
import json
import os
import subprocess
import sys

TELASSAY = os.environ["TELASSAY"]
HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "../../docs/schema/consent-1.schema.json")
WHO = ["--by", "Ayşe K.", "--subject", "owl-17"]


def run(*args, **more):
    return subprocess.run([TELASSAY, "consent", *args], capture_output=True,
                          text=True, check=False, timeout=20, **more)


def record(*args):
    r = run("new", *WHO, *args)
    assert r.returncode == 0 and r.stderr == "", r
    return json.loads(r.stdout)


def test_written():
    text = "agreed\non paper, \"with\" quotes"
    one = record("--scope", "check", "keep", "--scope", "hunt,seal",
                 "--until", "2099-12-31", "--text", text)
    assert one["scopes"] == ["check", "keep", "hunt", "seal"]
    assert one["by"] == "Ayşe K." and one["subject"] == "owl-17"
    assert one["until"] == "2099-12-31" and one["text"] == text
    age = datetime.datetime.now(datetime.timezone.utc) - \
        datetime.datetime.fromisoformat(one["created"].replace("Z", "+00:00"))
    assert abs(age.total_seconds()) < 60, one["created"]
    two = record("--scope=check")
    assert two["until"] is None and two["text"] is None
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    record("--scope=check", "--until", max(today, one["created"][:10]))
    try:
        import jsonschema
    except ImportError:
        return
    with open(SCHEMA, encoding="utf-8") as f:
        validator = jsonschema.Draft202012Validator(json.load(f))
    for r in (one, two):
        validator.validate(r)


def test_refused():
    rows = [
        ([], "new"),
        (["old", *WHO, "--scope", "check"], "old"),
        (["new", *WHO], "--scope"),
        (["new", "--by", "x", "--scope", "check"], "--subject"),
        (["new", "--subject", "x", "--scope", "check"], "--by"),
        (["new", *WHO, "--scope", "chek"], "chek"),
        (["new", *WHO, "--scope", "check,"], "policy"),
        (["new", *WHO, "check"], "check"),
        (["new", *WHO, "--scope", "check", "--until", "2020-01-01"], "passed"),
        (["new", *WHO, "--scope", "check", "--until", "2099-02-30"], "2099-02-30"),
        (["new", *WHO, "--scope", "check", "--until", "tomorrow"], "tomorrow"),
        (["new", "--by", " ", "--subject", "x", "--scope", "check"], "by"),
        (["new", "--by", "x\u202ey", "--subject", "x", "--scope", "check"],
         "characters"),
        (["new", "--by", "x" * 20000, "--subject", "x", "--scope", "check"],
         "too long"),
        (["new", *WHO, "--scope"], "--scope"),
        (["new", *WHO, "--colour"], "--colour"),
    ]
    for args, says in rows:
        r = run(*args)
        assert r.returncode == 2 and r.stdout == "", (args, r)
        assert says in r.stderr, (args, r.stderr)
    with open("/dev/full", "w", encoding="utf-8") as full:
        r = subprocess.run(
            [TELASSAY, "consent", "new", *WHO, "--scope", "check"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert r.returncode == 2 and "could not be written" in r.stderr, r


if __name__ == "__main__":
    test_written()
    test_refused()
    sys.exit(0)
