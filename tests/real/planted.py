"""A generated backup with planted traces, plain and encrypted: each planted indicator is found in
its row, nothing else is, and the encrypted twin gives the same findings.

usage: planted.py [SCALE]   1 makes the 351 MB backup; TELASSAY_PLANTED names one made before
"""
import json
import os
import subprocess
import sys
import tempfile

from common import check, need

ARTIFACT = {"sms": "ios.sms", "sms_attr": "ios.sms", "safari": "ios.safari_history", "whatsapp": "ios.whatsapp",
            "webkit": "ios.webkit_resource_loads", "manifest": "ios.manifest"}
FILE = {"DataUsage.sqlite": "ios.datausage", "TCC.db": "ios.tcc", "addaily.plist": "ios.osanalytics_addaily"}


def wanted(truth):
    for p in truth["planted"]:
        if p["ioc"] is None:
            continue  # a heuristic: rules find those
        yield ARTIFACT.get(p["kind"]) or FILE[p["artifact"]], p["ioc"], p["value"]


def found(report):
    return sorted((f["artifact"], f["indicator"]["value"], f["source"]["locator"], f["level"], json.dumps(f["fields"], sort_keys=True))
                  for f in report["findings"] if f["kind"] == "indicator")


tool = need("tools", "gen_backup.py")
scale = sys.argv[1] if len(sys.argv) > 1 else "0.01"
with tempfile.TemporaryDirectory() as tmp:
    out = os.environ.get("TELASSAY_PLANTED") or tmp
    if out == tmp:
        subprocess.run([sys.executable, tool, "--out", out, "--seed", "42", "--iocs", "100", "--scale", scale, "--encrypt",
                        "correct horse", "--dpic", "1000"], check=True, stderr=subprocess.DEVNULL)
    with open(os.path.join(out, "truth.json"), encoding="utf-8") as f:
        want = list(wanted(json.load(f)))
    bundle = os.path.join(out, "iocs_100.stix2")
    plain, code = check(os.path.join(out, "backup"), "--no-default-indicators", "-i", bundle)
    crypt, _ = check(os.path.join(out, "backup_enc"), "--no-default-indicators", "-i", bundle, password="correct horse")

rows = found(plain)
missed = [w for w in want if not any(r[0] == w[0] and r[1] == w[1] and w[2] in r[4] for r in rows)]
assert not missed, missed
extra = [r for r in rows if not any(r[0] == w[0] and r[1] == w[1] for w in want)]
assert not extra, extra
assert len(want) == 49, len(want)
assert found(crypt) == rows, "the encrypted twin differs"
assert plain["verdict"] == crypt["verdict"] == "match" and code == 1
print(f"{len(want)} planted, {len(rows)} findings")
