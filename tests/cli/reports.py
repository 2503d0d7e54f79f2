#!/usr/bin/python3
"""The reports of `telassay check` on sample phones: valid against the schema,
sound as pages, equal over runs but for the run, and silent about contents."""
import csv
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

import check_html
try:
    import validate_report
except SystemExit:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

TELASSAY = os.environ["TELASSAY"]
CODES = {"no-known-trace": 0, "match": 1, "inconclusive": 3,
         "invalid-input": 4, "suspicious": 5}
FILES = ["report.html", "report.json", "timeline.csv", "timeline.jsonl"]
PLANTED = {
    "quiet": [],
    "ran": ["ios.datausage=roleaboutd", "ios.tcc=com.example.watcher"],
    "arrived": ["ios.sms=delivery.example", "ios.whatsapp=other.example",
                "ios.sms=sender@evil.example:sender"],
    "visited": ["ios.safari_history=visit.example"],
    "mixed": ["ios.datausage=roleaboutd", "ios.sms=delivery.example",
              "ios.safari_history=visit.example"],
}


def run(*args):
    return subprocess.run([TELASSAY, *args], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False, timeout=120)


def make(folder, name):
    args = ["sample", f"{folder}/{name}", "--stix", f"{folder}/{name}.stix2"]
    for trace in PLANTED[name]:
        args += ["--plant", trace]
    r = run(*args)
    assert r.returncode == 0, r.stderr


def bodies(phone):
    """The texts of all messages of a plain sample, without the links in them,
    where they are long enough to be told from other words."""
    found = set()
    manifest = sqlite3.connect(f"file:{phone}/Manifest.db?immutable=1", uri=True)
    for path, table, column in (("Library/SMS/sms.db", "message", "text"),
                                ("ChatStorage.sqlite", "ZWAMESSAGE", "ZTEXT")):
        row = manifest.execute("select fileID from Files where relativePath=?",
                               (path,)).fetchone()
        if row is None:
            continue
        blob = f"{phone}/{row[0][:2]}/{row[0]}"
        db = sqlite3.connect(f"file:{blob}?immutable=1", uri=True)
        for (text,) in db.execute(f"select {column} from {table}"):
            for piece in re.split(r"\S*://\S*", text or ""):
                if len(piece.strip()) > 15:
                    found.add(piece.strip())
        db.close()
    manifest.close()
    return found


def check(folder, name, out, *more):
    r = run("check", f"{folder}/{name}", "-i", f"{folder}/{name}.stix2",
            "-o", out, *more)
    with open(f"{out}/report.json", encoding="utf-8") as f:
        report = json.load(f)
    assert r.returncode == CODES[report["verdict"]], (r, report["verdict"])
    last = f"verdict: {report['verdict']} - {report['summary']}"
    assert r.stdout.rstrip("\n").split("\n")[-1] == last, r.stdout[-800:]
    assert sorted(os.listdir(out)) == FILES
    for file in FILES:
        assert os.stat(f"{out}/{file}").st_mode & 0o777 == 0o600
    return report


def check_timeline(out, report):
    with open(f"{out}/timeline.csv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    with open(f"{out}/timeline.jsonl", encoding="utf-8") as f:
        lines = [json.loads(line) for line in f]
    assert len(rows) == len(lines) == report["timeline"]["events"]
    for row, line in zip(rows, lines):
        assert row["datetime"] == line["datetime"]
        assert row["source_long"] == line["artifact"]
    # Each dated finding can be found on the timeline again.
    ids = {i for line in lines for i in line.get("finding", [])}
    for f in report["findings"]:
        assert f["time"] is None or f["id"] in ids, f


def check_silence(folder, name, out):
    for path in glob.glob(f"{out}/*"):
        with open(path, encoding="utf-8", newline="") as f:
            text = f.read()
        for body in bodies(f"{folder}/{name}"):
            assert body not in text, f"{path} tells: {body}"


def main():
    verdicts = {"quiet": "inconclusive", "ran": "match", "mixed": "match",
                "arrived": "suspicious", "visited": "inconclusive"}
    with tempfile.TemporaryDirectory() as folder:
        for name in PLANTED:
            make(folder, name)
            out = f"{folder}/out/{name}"
            report = check(folder, name, out)
            assert report["verdict"] == verdicts[name], report["summary"]
            check_timeline(out, report)
            check_silence(folder, name, out)
        assert bodies(f"{folder}/mixed"), "no message to look for"
        full = check(folder, "mixed", f"{folder}/out/full", "--timeline",
                     "full", "-j", "1", "--label", "mixed")
        check_timeline(f"{folder}/out/full", full)
        check_silence(folder, "mixed", f"{folder}/out/full")
        assert full["timeline"]["events"] == \
            sum(c["events"] for c in full["coverage"])
        twin = check(folder, "mixed", f"{folder}/out/twin", "-j", "2",
                     "--label", "mixed")
        for key in full:
            if key not in ("run", "timeline"):
                assert full[key] == twin[key], key
        told = check(folder, "mixed", f"{folder}/out/told", "--include-content")
        said = " ".join(f["fields"].get("text", "") for f in told["findings"])
        assert any(b in said for b in bodies(f"{folder}/mixed")), said
        sys.argv = ["", f"{folder}/out"]
        return validate_report.main() or check_html.main()


if __name__ == "__main__":
    sys.exit(main())
