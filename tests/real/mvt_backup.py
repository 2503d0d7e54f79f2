"""A real, partial backup of an iOS 14.3 phone: row and event counts, and the hits of two indicators."""
import os
import tempfile

from common import check, coverage, need, stix

backup = need("data", "ios", "mvt-backup", "ios_backup")
with tempfile.TemporaryDirectory() as tmp:
    bundle = stix(os.path.join(tmp, "t.stix2"), ["[domain-name:value='example.org']", "[process:name='Launch']",
                                                    "[email-addr:value='user@example.org']"])
    report, code = check(backup, "--no-default-indicators", "-i", bundle)

c = coverage(report)
EXPECT = {  # artifact: (records, events)
    "ios.manifest": (3721, 5881),
    "ios.sms": (1, 2),
    "ios.tcc": (11, 11),
    "ios.datausage": (42, 60),  # 41 rows and the missing process 5
    "ios.webkit_resource_loads": (2, 2),
    "ios.global_preferences": (16, 0),
    "ios.calendar": (1, 4),
    "ios.applications": (6, 0),
    "ios.backup_info": (1, 1),
}
for artifact, (records, events) in EXPECT.items():
    got = (c[artifact]["records"], c[artifact]["events"])
    assert got == (records, events), f"{artifact}: {got}, not {(records, events)}"
assert c["ios.datausage"]["first"].startswith("2019-08-27T15:08:09"), c["ios.datausage"]["first"]
assert c["ios.sms"]["first"].startswith("2019-08-29T23:13:30"), c["ios.sms"]["first"]
# Start and end of an appointment tell nothing of how far back could be seen.
assert (c["ios.calendar"]["first"], c["ios.calendar"]["last"]) == ("2023-04-11T18:30:06Z", "2023-04-11T18:30:38Z"), c["ios.calendar"]
assert report["acquisition"]["kind"] == "ios-backup" and report["acquisition"]["encrypted"] is False
assert report["acquisition"]["device"]["os_version"] == "14.3"

hits = sorted((f["artifact"], f["indicator"]["value"]) for f in report["findings"] if f["kind"] == "indicator")
assert hits == [("ios.calendar", "example.org"), ("ios.calendar", "user@example.org"), ("ios.sms", "example.org"), ("ios.tcc", "Launch"), ("ios.whatsapp", "example.org")], hits
sms = next(f for f in report["findings"] if f["artifact"] == "ios.sms")
assert "https://badbadbad.example.org/" in str(sms["fields"]), sms["fields"]
tcc = next(f for f in report["findings"] if f["artifact"] == "ios.tcc")
assert tcc["role"] == "execution" and "kTCCServiceLiverpool" in str(tcc["fields"]), tcc
assert report["verdict"] == "match" and code == 1, (report["verdict"], code)
