"""The rules that the product ships: each is whole, valid by Sigma's own schemas, and has cases of both
kinds; the program loads them all without a word and passes their cases."""
import datetime
import glob
import json
import os
import re
import subprocess
import sys
import uuid

import yaml

TELASSAY = os.environ.get("TELASSAY", "build/dev/telassay")
SOURCE = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
RULES = os.path.join(SOURCE, "rules")
SCHEMAS = os.path.join(SOURCE, "..", "shared", "data", "sigma", "spec", "json-schema")
LEVELS = ("informational", "low", "medium", "high", "critical")


def plain(x):
    """As JSON has it: dates are texts."""
    return json.loads(json.dumps(x, default=lambda d: d.isoformat() if isinstance(d, datetime.date) else str(d)))


def documents(cases):
    for path in sorted(glob.glob(os.path.join(RULES, "**", "*.yml"), recursive=True)):
        if (os.path.basename(os.path.dirname(path)) == "cases") == cases:
            with open(path, encoding="utf-8") as f:
                for d in yaml.safe_load_all(f):
                    yield os.path.relpath(path, SOURCE), plain(d)


def missing(rule):
    """What a shipped rule must have and this one lacks."""
    own = rule.get("telassay", {})
    for key in ("id", "name", "status", "description", "author", "date", "level"):
        if not rule.get(key):
            yield key
    for key in ("references", "falsepositives"):
        if not rule.get(key) or not all(isinstance(x, str) and x for x in rule[key]):
            yield key
    for key in ("why", "statement"):
        if not own.get(key):
            yield f"telassay.{key}"
    if rule.get("level") not in LEVELS:
        yield "level: one of " + " ".join(LEVELS)
    if not all(re.match(r"https://[^/]+/", r) for r in rule.get("references", [])):
        yield "references: public addresses"
    try:
        if str(uuid.UUID(rule.get("id", ""))) != rule["id"]:
            yield "id: in small letters"
    except ValueError:
        yield "id: a UUID"
    # Who reads a finding that weighs must be told what to do, and in the end to update.
    if rule.get("level") in ("medium", "high", "critical"):
        if not own.get("next"):
            yield "telassay.next"
    steps = " ".join(own.get("next", []))
    if "not reset or update" in steps and rule.get("level") != "low" and "hen update" not in steps:
        yield "telassay.next: 'do not update' is the last word"


rules = list(documents(cases=False))
cases = list(documents(cases=True))
assert rules and cases
faults = [f"{path}: {r.get('title')}: lacks {m}" for path, r in rules for m in missing(r)]

for key in ("id", "name", "title"):
    seen = [r.get(key) for _, r in rules]
    faults += [f"{key} stands twice: {x}" for x in {x for x in seen if seen.count(x) > 1}]

# Rules that are only parts of correlations say nothing by themselves.
parts = {x for _, r in rules if "correlation" in r and not r.get("generate") for x in r["correlation"]["rules"]}
parts |= {x for _, r in rules for x in r.get("telassay", {}).get("weaker", {}).get("rules", [])}
shown = {x for _, r in rules if "correlation" in r and r.get("generate") for x in r["correlation"]["rules"]}
speaking = {r["name"]: (path, r) for path, r in rules if r["name"] not in parts - shown}
expects = {}
for path, c in cases:
    if c["rule"] not in {r["name"] for _, r in rules}:
        faults.append(f"{path}: no rule is named {c['rule']}")
    if os.path.basename(path) != os.path.basename(speaking.get(c["rule"], (path,))[0]):
        faults.append(f"{path}: the cases of {c['rule']} stand in another file")
    expects.setdefault(c["rule"], []).extend(x["expect"] for x in c["cases"])
for name, (path, _) in speaking.items():
    for kind in ("match", "none"):
        if kind not in expects.get(name, []):
            faults.append(f"{path}: {name} has no case that expects {kind}")

if os.path.isdir(SCHEMAS):
    import jsonschema

    def schema(name):
        with open(os.path.join(SCHEMAS, name), encoding="utf-8") as f:
            return jsonschema.Draft202012Validator(json.load(f))

    single, several = schema("sigma-detection-rule-schema.json"), schema("sigma-correlation-rules-schema.json")
    for path, r in rules:
        for e in (several if "correlation" in r else single).iter_errors(r):
            faults.append(f"{path}: {r['title']}: {e.message}")
else:
    print("without the official schemas: shared/data/sigma/spec/json-schema is not there")

assert not faults, "\n".join(faults)
has_verb = re.search(r"^  rules\b", subprocess.run([TELASSAY, "-h"], capture_output=True, text=True, check=True).stdout, re.M)
for verb in ("check", "test") if has_verb else ():
    run = subprocess.run([TELASSAY, "rules", verb, RULES], capture_output=True, text=True, check=False)
    if run.returncode != 0 or (verb == "check" and re.search(r"\b(error|warning)\b", run.stdout + run.stderr)):
        sys.exit(f"rules {verb}: {run.returncode}\n{run.stdout}\n{run.stderr}")
    print(run.stdout.strip().split("\n")[-1])
print(f"{len(rules)} rules, {len(speaking)} of them speak, {sum(map(len, expects.values()))} cases")
