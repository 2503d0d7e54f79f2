"""Runs a command and measures it: wall time, CPU time of its whole process
tree, and peak memory, which is the largest sum of Pss over the tree, sampled
every 10 ms (smaps_rollup; DESIGN's definition of the memory of a check)."""
import os
import platform
import statistics
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")
INTERVAL = 0.010


def read(path):
    try:
        with open(path, "rb", buffering=0) as f:
            return f.read()
    except OSError:  # the process has just ended
        return b""


def tree(pid):
    """pid and all below it."""
    todo, out = [pid], []
    while todo:
        p = todo.pop()
        out.append(p)
        try:
            tasks = os.listdir(f"/proc/{p}/task")
        except OSError:  # it has just ended
            continue
        for task in tasks:
            todo += [int(c) for c in read(f"/proc/{p}/task/{task}/children").split()]
    return out


def pss(pid):
    for line in read(f"/proc/{pid}/smaps_rollup").split(b"\n"):
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def cpu(pid):
    stat = read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return (int(stat[11]) + int(stat[12])) / TICK if len(stat) > 12 else 0.0


def measure(args, **kwargs):
    """{code, wall, cpu, peak (bytes), samples} of one run; output goes to kwargs."""
    start = time.monotonic()
    p = subprocess.Popen(args, **kwargs)
    peak, samples, seen = 0, 0, {}
    while True:
        pid, status, usage = os.wait4(p.pid, os.WNOHANG)
        if pid:
            break
        now = time.monotonic()
        total = 0
        for q in tree(p.pid):
            total += pss(q)
            seen[q] = max(seen.get(q, 0.0), cpu(q))
        peak = max(peak, total)
        samples += 1
        time.sleep(max(0.0, INTERVAL - (time.monotonic() - now)))
    wall = time.monotonic() - start
    p.returncode = os.waitstatus_to_exitcode(status)
    # Processes that nobody waited for are in the samples only.
    spent = max(usage.ru_utime + usage.ru_stime, sum(seen.values()))
    return {"code": p.returncode, "wall": wall, "cpu": spent, "peak": peak, "samples": samples}


def repeat(args, times, **kwargs):
    """Medians of the times, the highest peak."""
    runs = [measure(args, **kwargs) for _ in range(times)]
    return {
        "code": runs[0]["code"],
        "wall": statistics.median(r["wall"] for r in runs),
        "cpu": statistics.median(r["cpu"] for r in runs),
        "peak": max(r["peak"] for r in runs),
    }


def machine():
    """What a reader must know to compare: processor, cores, kernel, system."""
    model = "unknown processor"
    for line in read("/proc/cpuinfo").decode().split("\n"):
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    system = dict(line.split("=", 1) for line in read("/etc/os-release").decode().split("\n") if "=" in line)
    memory = int(read("/proc/meminfo").split()[1]) / 1048576
    return [
        ("processor", model), ("cores", str(os.cpu_count())), ("memory", f"{memory:.1f} GiB"),
        ("kernel", platform.release()), ("system", system.get("PRETTY_NAME", "unknown").strip('"')),
    ]
