"""What bench/rpc and its kin share: calls over goridge, as many as go, on servers by turns."""

import statistics
import subprocess

from servers import HERE, TOP, cell, say

JAVA = subprocess.run([TOP / "bin" / "jdk25"], capture_output=True, text=True, check=True).stdout.strip() + "/bin/java"
HEAD = ["| | connections | | calls/s | p99 µs | server µs/call |", "|---|---|---|---|---|---|"]


def measure(server, method, argument, connections, seconds, load="RpcLoad.java"):
    """Calls per second, microseconds of server CPU per call, p99 in microseconds."""
    run = subprocess.run(
        [JAVA, "-XX:+UseSerialGC", str(HERE / load), str(server.rpc_port), method, argument,
         str(connections), str(seconds), str(server.running[0].pid)],
        capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"{server.name}: {run.stderr[-2000:]}")
    return [float(figure) for figure in run.stdout.split()]


def rows(servers, label, method, argument, connections, rounds, seconds, load="RpcLoad.java"):
    """Lines of a table: each server's medians, and the first server's divided by each other's."""
    measured = {s.name: [] for s in servers}
    for i in range(rounds):
        for s in servers:
            measured[s.name].append(measure(s, method, argument, connections, seconds, load))
            say(f"round {i + 1}/{rounds}, {label}, {connections} connections: {s.name} {measured[s.name][-1]}")
    lines = []
    for s in servers:
        calls, cpu, p99 = zip(*measured[s.name])
        lines.append(f"| {label} | {connections} | {s.name} | {cell(calls)} | {cell(p99)} | {cell(cpu)} |")
    mine = [statistics.median(figures) for figures in zip(*measured[servers[0].name])]
    for s in servers[1:]:
        theirs = [statistics.median(figures) for figures in zip(*measured[s.name])]
        calls, cpu, p99 = (f"{m / t:.2f}" if t else "–" for m, t in zip(mine, theirs))
        lines.append(f"| {label} | {connections} | {servers[0].name} ÷ {s.name} | {calls} | {p99} | {cpu} |")
    return lines
