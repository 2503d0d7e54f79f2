"""Backups and indicator files for the benchmark, made once below build/bench."""
import hashlib
import os
import subprocess

ROWS = {"messages": 300000, "visits": 200000, "entries": 100000, "whatsapp": 200000, "calls": 20000, "processes": 5000, "payloads": 2000}
PASSWORD = "correct horse"
PLANTED = [("ios.datausage", "s00.example.implantd", "pair"), ("ios.sms", "trace00.example", "attributed"),
           ("ios.safari_history", "trace01.example", "")]


def uuid_of(text):
    h = hashlib.md5(text.encode()).hexdigest()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-8{h[17:20]}-{h[20:]}"


def stix_object(kind, name, rest):
    t = "2025-06-01T00:00:00.000Z"
    return (f'{{"type": "{kind}", "spec_version": "2.1", "id": "{kind}--{uuid_of(kind + name)}", '
            f'"created": "{t}", "modified": "{t}", {rest}}}')


def write_stix(path, n):
    """n domain indicators as published sets have them, and those of PLANTED."""
    malware = f"malware--{uuid_of('malwareBenchmark')}"
    patterns = ["[process:name='%s']" % PLANTED[0][1]] + ["[domain-name:value='%s']" % v for _, v, _ in PLANTED[1:]]
    patterns += (f"[domain-name:value='host{i:07d}.bench-{i % 977}.example']" for i in range(n - len(patterns)))
    with open(path + ".new", "w", encoding="utf-8") as f:
        f.write('{"type": "bundle", "id": "bundle--%s", "objects": [' % uuid_of("bundle"))
        f.write(stix_object("malware", "Benchmark", '"name": "Benchmark", "is_family": false'))
        for p in patterns:
            f.write(",\n" + stix_object("indicator", p, f'"indicator_types": ["malicious-activity"], "pattern": "{p}", '
                    '"pattern_type": "stix", "pattern_version": "2.1", "valid_from": "2025-06-01T00:00:00Z"'))
            f.write(",\n" + stix_object("relationship", p, f'"relationship_type": "indicates", '
                    f'"source_ref": "indicator--{uuid_of("indicator" + p)}", "target_ref": "{malware}"'))
        f.write("]}\n")
    os.rename(path + ".new", path)


def indicators(folder, n):
    path = os.path.join(folder, f"indicators-{n}.stix2")
    if not os.path.exists(path):
        write_stix(path, n)
    return path


def password_file(folder):
    path = os.path.join(folder, "password")
    with open(path, "w", encoding="utf-8") as f:
        f.write(PASSWORD + "\n")
    return path


def backup(telassay, folder, name, dpic=None):
    """A sample phone of ROWS; encrypted when dpic is given."""
    args = ["--seed", "42"]
    for k, v in ROWS.items():
        args += [f"--{k}", str(v)]
    for artifact, value, form in PLANTED:
        args += ["--plant", f"{artifact}={value}" + (f":{form}" if form else "")]
    if dpic:
        args += ["--encrypt", "--password-file", password_file(folder), "--dpic", str(dpic)]
    path = os.path.join(folder, name)
    done = path + ".args"  # the same backup is not made twice
    if not os.path.exists(done) or open(done, encoding="utf-8").read() != repr(args):
        subprocess.run(["rm", "-rf", path], check=True)
        subprocess.run([telassay, "sample", path, *args], check=True)
        with open(done, "w", encoding="utf-8") as f:
            f.write(repr(args))
    return path


def size_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, names in os.walk(path) for f in names)
