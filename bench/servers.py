"""What bench/run, bench/rpc and bench/transports share: servers under measurement, their CPU and memory, medians."""

import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
TICK = os.sysconf("SC_CLK_TCK")
PLUGINS = "config,logger,server,http,rpc"


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    say(text)
    sys.exit(1)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def processes():
    """Every process: pid -> (parent, name, CPU seconds)."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                text = pathlib.Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            name = text[text.index("(") + 1 : text.rindex(")")]
            fields = text[text.rindex(")") + 2 :].split()
            found[int(entry)] = (int(fields[1]), name, (int(fields[11]) + int(fields[12])) / TICK)
    return found


def family(pid, table):
    """The process and all it started."""
    members = {pid}
    grown = True
    while grown:
        more = {p for p, (parent, _, _) in table.items() if parent in members} - members
        members |= more
        grown = bool(more)
    return members & table.keys()


def memory_mb(pid, figure):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{figure}:\s+(\d+)", text).group(1)) / 1024


class Subject:
    """A server under measurement. `pids` are its processes; PHP may be below them or apart."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.running = []
        self.log = open(folder / f"{name}.log", "wb")

    def spawn(self, command, env=None):
        process = subprocess.Popen(
            command, cwd=self.folder, env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.running.append(process)

    def start(self):
        """Starts it and returns the milliseconds to the first answered request."""
        before = time.monotonic()
        self.launch()
        while True:
            try:
                with urllib.request.urlopen(self.url, timeout=5) as answer:
                    if answer.read() == b"Hello, world!":
                        return (time.monotonic() - before) * 1000
            except OSError:
                pass
            if time.monotonic() - before > 30 or any(p.poll() is not None for p in self.running):
                self.stop()
                fail(f"{self.name} did not answer; the end of {self.log.name}:\n"
                     + pathlib.Path(self.log.name).read_text(errors="replace")[-2000:])
            time.sleep(0.002)

    def stop(self):
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        self.running = []

    def cpu(self):
        """CPU seconds so far of (server, PHP)."""
        table = processes()
        members = set().union(*(family(p.pid, table) for p in self.running))
        php = sum(table[p][2] for p in members if table[p][1].startswith("php"))
        return sum(table[p][2] for p in members) - php, php

    def rss(self, figure="VmRSS"):
        """MB that the server holds; with VmHWM the most it held since it was started."""
        table = processes()
        members = set().union(*(family(p.pid, table) for p in self.running))
        return sum(memory_mb(p, figure) for p in members if not table[p][1].startswith("php"))


class RoadRunner(Subject):
    """An rr binary, ours or another; both read the same configuration.

    `http` are further keys of that section, indented by two spaces; `more` are further sections.
    """

    def __init__(self, name, folder, binary, worker, workers, env=None, php="", http="", more=""):
        super().__init__(name, folder)
        self.binary, self.env = binary, env
        self.rpc_port = free_port()
        self.config = folder / f"{name}.yaml"
        self.config.write_text(f"""version: "3"
rpc:
  listen: tcp://127.0.0.1:{self.rpc_port}
server:
  command: "php -d opcache.enable_cli=1 {php}{worker}"
http:
  address: 127.0.0.1:{self.port}
  pool:
    num_workers: {workers}
{http}logs:
  level: error
{more}""")

    def launch(self):
        self.spawn([self.binary, "serve", "-c", str(self.config)], self.env)


def cell(values):
    """The median and how far the rounds lie apart."""
    middle = statistics.median(values)
    spread = (max(values) - min(values)) / middle * 100 if middle else 0
    return f"{middle:,.0f} ±{spread / 2:.0f}%"


def ratio(mine, theirs):
    return f"{mine / theirs:.2f}" if theirs else "–"


def wrk(url, connections, seconds, *request):
    """Drives; `request` is what wrk.lua takes. Returns requests, seconds, p50 and p99 in µs, and errors."""
    out = subprocess.run(
        ["wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s",
         "-s", str(HERE / "wrk.lua"), url, "--", *request],
        capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    requests, micros, p50, p99, errors = map(int, re.search(r"RESULT (.*)", out).group(1).split())
    return requests, micros / 1e6, p50, p99, errors


def measure(subject, drive):
    """One round; `drive` returns what wrk() does."""
    server, php = subject.cpu()
    requests, took, p50, p99, errors = drive()
    server_after, php_after = subject.cpu()
    done = max(requests, 1)
    return {
        "req/s": requests / took,
        "p50 µs": p50,
        "p99 µs": p99,
        "server µs/req": (server_after - server) * 1e6 / done,
        "PHP µs/req": (php_after - php) * 1e6 / done,
        "RSS MB": subject.rss(),
        "errors": errors,
    }


def build(name="rr", plugins=PLUGINS):
    """Assembles the binary to measure. Needs this version of the project installed (mvn install)."""
    binary = TOP / "target" / "bench" / name
    binary.parent.mkdir(parents=True, exist_ok=True)
    version = re.search(r"<version>(.*?)</version>", (TOP / "pom.xml").read_text()).group(1)
    say(f"Building {binary} …")
    subprocess.run(
        ["mvn", "-q", "-B", f"dev.rr:rr-maven-plugin:{version}:build", f"-Drr.plugins={plugins}",
         f"-Drr.output={binary}"], cwd=binary.parent, check=True)
    return str(binary)
