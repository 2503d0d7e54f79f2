"""Five acquisitions made of real, uninfected data: with every shipped indicator, no finding reaches
level medium. Also prints what the run of zero alarms bounds (rule of three)."""
import os
import subprocess
import sys
import tempfile

from common import check, need

tool = need("tools", "build_benign.py")
data = need("data")
made = os.environ.get("TELASSAY_BENIGN")
with tempfile.TemporaryDirectory() as tmp:
    out = made or tmp
    if not made:
        subprocess.run([sys.executable, tool, data, out], check=True, stdout=subprocess.DEVNULL)
    alarms = []
    names = sorted(os.listdir(out))
    assert len(names) == 5, names
    for name in names:
        report, _ = check(os.path.join(out, name))
        files = report["acquisition"]["files"]
        print(f"{name}: {report['verdict']}, {files} files, {len(report['findings'])} findings")
        alarms += [(name, f["level"], f["title"], f["source"]) for f in report["findings"]
                   if f["level"] in ("medium", "high", "critical")]
    assert not alarms, alarms
    print(f"no alarm on {len(names)} benign acquisitions: the false-alarm rate is at most 3/{len(names)}")
