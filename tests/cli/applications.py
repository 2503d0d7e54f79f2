"""Installed apps: what several files say of one app is one record, and one finding."""
import os
import plistlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "real"))
from common import TELASSAY, check, coverage, stix

CONTAINER = ".com.apple.mobile_container_manager.metadata.plist"


def put(path, root):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        plistlib.dump(root, f, fmt=plistlib.FMT_BINARY)


def hits(report):
    return [(f["artifact"], f["role"], f["level"], f["source"]["path"], f["fields"]["bundle_id"], f["fields"]["has_metadata"])
            for f in report["findings"] if f["kind"] == "indicator"]


def backup(tmp, bundle):
    """It stands in both lists of Info.plist and in Manifest.plist."""
    d = os.path.join(tmp, "backup")
    subprocess.run([TELASSAY, "sample", d, "--plant", "ios.applications=com.example.spy"], check=True)
    clean = os.path.join(tmp, "clean")
    subprocess.run([TELASSAY, "sample", clean], check=True)
    report, code = check(d, "--no-default-indicators", "-i", bundle)
    assert hits(report) == [("ios.applications", "execution", "critical", "Info.plist", "com.example.spy", True)], hits(report)
    assert report["verdict"] == "match" and code == 1
    c, other = coverage(report)["ios.applications"], coverage(check(clean)[0])["ios.applications"]
    assert c["status"] == "read" and c["records"] == other["records"] + 1, (c, other)
    assert coverage(report)["ios.backup_info"]["records"] == 3

    # Without Info.plist the phone's own list is still there.
    os.remove(os.path.join(d, "Info.plist"))
    report, _ = check(d, "--no-default-indicators", "-i", bundle)
    assert [h[3] for h in hits(report)] == ["Manifest.plist"], hits(report)


def dump(tmp, bundle):
    """Two containers: from the shop, and without its metadata."""
    d = os.path.join(tmp, "dump")
    apps = os.path.join(d, "private", "var", "containers", "Bundle", "Application")
    put(os.path.join(d, "private", "var", "mobile", "Library", "Preferences", ".GlobalPreferences.plist"), {})
    put(os.path.join(apps, "A", "iTunesMetadata.plist"), {"softwareVersionBundleId": "com.example.mail", "sourceApp": "com.apple.AppStore"})
    put(os.path.join(apps, "A", CONTAINER), {"MCMMetadataIdentifier": "com.example.mail"})
    put(os.path.join(apps, "B", CONTAINER), {"MCMMetadataIdentifier": "com.example.spy"})
    report, _ = check(d, "--no-default-indicators", "-i", bundle)
    c = coverage(report)["ios.applications"]
    assert (c["status"], c["files"], c["records"]) == ("read", 3, 2), c
    where = "private/var/containers/Bundle/Application/B/" + CONTAINER
    assert hits(report) == [("ios.applications", "execution", "critical", where, "com.example.spy", False)], hits(report)


with tempfile.TemporaryDirectory() as tmp:
    bundle = stix(os.path.join(tmp, "t.stix2"), ["[app:id='com.example.spy']"])
    backup(tmp, bundle)
    dump(tmp, bundle)
