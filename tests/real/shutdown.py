"""Another tool's two sysdiagnoses, made by a script: three shutdowns that nfcd held up, and the
same with a published process of Pegasus in two of them."""
from common import check, coverage, need

clean, code = check(need("data", "sysdiagnose", "tracescan", "sysdiagnose_demo_clean.tar.gz"))
c = coverage(clean)["ios.shutdown_log"]
assert (c["status"], c["records"]) == ("read", 3), c
# One log is not the whole of it: nothing is said to be absent.
assert clean["verdict"] == "inconclusive" and code == 3, clean["verdict"]
assert not [f for f in clean["findings"] if f["kind"] == "indicator"], clean["findings"]

infected, code = check(need("data", "sysdiagnose", "tracescan", "sysdiagnose_demo_infected.tar.gz"))
c = coverage(infected)["ios.shutdown_log"]
assert (c["status"], c["records"]) == ("read", 5), c
hits = [(f["artifact"], f["indicator"]["value"], f["role"], f["level"], f["fields"]["path_on_phone"], f["fields"]["pid"],
         f["fields"]["shutdown"], f["fields"]["times_delayed"]) for f in infected["findings"] if f["kind"] == "indicator"]
path = "/private/var/db/com.apple.xpc.roleaccountd.staging/fservernetd"
assert hits == [("ios.shutdown_log", "fservernetd", "execution", "critical", path, 2143, n, 2) for n in (2, 3)], hits
assert infected["verdict"] == "match" and code == 1, infected["verdict"]
