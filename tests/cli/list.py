#!/usr/bin/python3
"""`telassay list`: what it shows, from any folder, and what it refuses."""
import json
import os
import subprocess
import sys
import tempfile

TELASSAY = os.path.abspath(os.environ["TELASSAY"])
BUNDLE = {"type": "bundle", "id": "bundle--1", "objects": [
    {"type": "indicator", "id": "indicator--1",
     "pattern": "[domain-name:value='evil.example.com']"},
    {"type": "indicator", "id": "indicator--2",
     "pattern": "[process:command_line='\u001b[31m\u202e']"}]}


def run(*args):
    return subprocess.run([TELASSAY, "list", *args], capture_output=True,
                          text=True, check=False, timeout=60, cwd="/")


def shown(*args):
    r = run(*args)
    assert r.returncode == 0 and r.stderr == "", r
    return r.stdout


def as_json(subject, *args):
    return json.loads(shown(subject, "-f", "json", *args))


def test_indicators():
    d = as_json("indicators")
    sets = d["indicators"]
    assert len(sets) == 16, len(sets)
    assert sum(s["loaded"] + s["rejected"] for s in sets) == 5713
    assert len(d["rejected"]) == 1 and d["rejected"][0]["why"]
    for s in sets:
        assert s["shipped"] and s["source"] and s["licence"], s
        assert s["loaded"] == sum(s["types"].values()), s
        assert s["newest"] and len(s["campaigns"]) == 1, s
    text = shown("indicators")
    assert "Operation Triangulation\n    112 indicators" in text
    assert "newest 2026-03-30, darksword.stix2 (shipped)" in text
    assert text.splitlines()[-1].startswith("5365 distinct values of 16 ")


def test_more_sets():
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "mine.stix2")
        with open(path, "w", encoding="utf-8") as f:
            json.dump(BUNDLE, f)
        args = ("--no-default-indicators", "-i", path)
        one = as_json("indicators", *args)
        assert [s["name"] for s in one["indicators"]] == ["mine"]
        assert one["indicators"][0]["types"] == {"domain": 1}
        assert "command_line" in one["rejected"][0]["why"]
        text = shown("indicators", *args)
        assert "\u001b" not in text and "\u202e" not in text, text
        with open(path, "w", encoding="utf-8") as f:
            f.write('{"type":')
        r = run("indicators", "-i", path)
        assert r.returncode == 2 and r.stdout == "", r
        assert "mine.stix2: the file ends too early" in r.stderr, r


def test_others():
    names = [a["artifact"] for a in as_json("artifacts")["artifacts"]]
    assert names == sorted(names) and "ios.sms" in names
    fields = as_json("artifacts", "--fields")["artifacts"][0]["fields"]
    assert {"name", "type", "observable", "content"} <= set(fields[0])
    assert "ios.sms" in shown("artifacts")
    assert [s["name"] for s in as_json("sources")["sources"]][0] == \
        "ios-backup"
    assert "json" in [s["name"] for s in as_json("sinks")["sinks"]]
    assert isinstance(as_json("rules")["rules"], list)


def test_refused():
    for args, word in (((), "say what"), (("nothing",), "none of"),
                       (("sinks", "-f", "xml"), "text or json"),
                       (("sinks", "rules"), "one list"),
                       (("indicators", "-i", "/nonexistent"), "No such")):
        r = run(*args)
        assert r.returncode == 2 and word in r.stderr, (args, r)


if __name__ == "__main__":
    for name, fn in list(globals().items()):
        if name.startswith("test_"):
            fn()
    sys.exit(0)
