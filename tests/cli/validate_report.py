#!/usr/bin/python3
"""Validates report.json files against the published schema, and the verdict in
them against DESIGN section 3, decided here anew from findings and coverage.

usage: validate_report.py FILE_OR_FOLDER...   (folders: every report.json below)
"""
import json
import os
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "../../docs/schema/report-1.schema.json")
LEVELS = ["info", "low", "medium", "high", "critical"]
ADDRESSES = {"domain", "url", "ip", "email", "phone"}
FORBIDDEN = ["infected", "clean", "hacked", "phone is"]


def strong(finding):
    return LEVELS.index(finding["level"]) >= LEVELS.index("medium")


def class_of(finding):
    """The class of evidence of a finding, None when it counts for none."""
    if finding["kind"] == "note":
        return None
    if finding["kind"] != "indicator":
        return finding["kind"]
    if finding["role"] != "mention":
        return {"visit": "browsing"}.get(finding["role"], finding["role"])
    address = finding["indicator"]["type"] in ADDRESSES
    return "browsing" if address else "file"


def expected_verdicts(report):
    """The verdicts that findings and coverage allow. What only notes and
    options know may lower no-known-trace to inconclusive."""
    if report["acquisition"]["kind"] is None:
        return {"invalid-input"}
    found = {class_of(f) for f in report["findings"] if strong(f)} - {None}
    if found & {"execution", "contact"}:
        return {"match"}
    if found & {"delivery", "rule"} or len(found) >= 2:
        return {"suspicious"}
    lowered = bool(found - {"anomaly"}) or any(
        f["kind"] == "note" and strong(f) for f in report["findings"])
    for cover in report["coverage"]:
        if cover["required"] and cover["status"] != "read":
            lowered = True
        if cover["status"] in ("partial", "failed", "unknown-version"):
            lowered = True
    for note in report["notes"]:
        if note["artifact"] is None and note["effect"] != "none":
            lowered = True
    acquisition, indicators = report["acquisition"], report["indicators"]
    if acquisition["kind"] == "ios-backup" and not acquisition["encrypted"]:
        lowered = True
    if not indicators["default"] or indicators["applicable"] == 0:
        lowered = True
    return {"inconclusive"} if lowered else {"no-known-trace", "inconclusive"}


def check_sense(report):
    """What a schema cannot say."""
    assert report["verdict"] in expected_verdicts(report), \
        f"verdict {report['verdict']}, not {expected_verdicts(report)}"
    for text in [report["summary"], *report["verdict_reasons"]]:
        for word in FORBIDDEN:
            assert word not in text.lower(), f"\"{word}\" in: {text}"
    if report["acquisition"]["kind"] == "ios-backup" \
            and report["verdict"] == "inconclusive" \
            and not report["acquisition"]["encrypted"]:
        assert "encrypted one" in report["summary"], report["summary"]
    assert "\n" not in report["summary"]

    levels = [LEVELS.index(f["level"]) for f in report["findings"]]
    assert levels == sorted(levels, reverse=True), "findings are not in order"
    ids = [f["id"] for f in report["findings"]]
    assert len(ids) == len(set(ids)), "two findings have one id"
    names = [c["artifact"] for c in report["coverage"]]
    assert names == sorted(set(names)), "coverage is not in order"
    for cover in report["coverage"]:
        if cover["first"] and cover["last"]:
            assert cover["first"] <= cover["last"], cover
    sets = report["indicators"]["sets"]
    for key in ("loaded", "applicable"):
        assert report["indicators"][key] == sum(s[key] for s in sets), key
    assert len(report["indicators"]["rejected"]) == \
        sum(s["rejected"] for s in sets), "rejected are not all named"
    for one in sets:
        assert one["applicable"] <= one["loaded"], one


def reports(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, _, files in sorted(os.walk(path)):
            if "report.json" in files:
                yield os.path.join(folder, "report.json")


def main():
    with open(SCHEMA, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    count, bad = 0, 0
    for path in reports(sys.argv[1:]):
        count += 1
        with open(path, encoding="utf-8") as f:
            report = json.load(f)
        problems = [f"{e.json_path}: {e.message[:300]}"
                    for e in validator.iter_errors(report)]
        try:
            check_sense(report)
        except AssertionError as e:
            problems.append(str(e))
        for problem in problems:
            print(f"{path}: {problem}")
        bad += bool(problems)
    print(f"{count} reports, {bad} bad")
    return 1 if bad or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
