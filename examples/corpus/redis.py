"""Redis: windows of ten seconds over the logs of many masters, each with a replica whose own log is not kept."""

import os
import pathlib
import socket
import subprocess
import threading
import time

import windows
from records import say
from servers import Scratch, free_port, wait_for_port

INSTANCES, CLEAN, MIXED, EACH, GAP = 40, 28, 36, 44, 5
KINDS = ["save_failed", "output_buffer_overflow", "replica_lost", "restart_after_kill", "http_probe", "slow_script"]
CONFIGURATION = """
bind 127.0.0.1
daemonize no
loglevel verbose
appendonly yes
save 6 40
stop-writes-on-bgsave-error no
client-output-buffer-limit pubsub 256kb 128kb 5
busy-reply-threshold 200
repl-diskless-sync-delay 0
repl-ping-replica-period 3
"""


class Connection:
    """A client that waits for each reply, or does not."""

    def __init__(self, port, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(5)
        self.socket.connect(("127.0.0.1", port))

    def send(self, *words):
        data = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(data) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in data))

    def ask(self, *words):
        """Sends a command and gives the first piece of the reply."""
        self.send(*words)
        return self.socket.recv(65536)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


class Instance:
    """A master and its replica."""

    def __init__(self, name, scratch, collector):
        self.name, self.scratch = name, scratch
        self.lock = threading.RLock()
        self.port, self.replica_port = free_port(), None
        self.folder = scratch.folder(name)
        (self.folder / "redis.conf").write_text(CONFIGURATION + f"port {self.port}\ndir {self.folder}\n")
        scratch.own(self.folder / "redis.conf")
        self.pipe = collector.pipe(name, scratch.account.pw_uid)
        self.start()
        wait_for_port(self.port)
        self.replica_port = free_port()
        self.replica_folder = scratch.folder(name + "-replica")
        self.start_replica()

    def start(self):
        self.master = self.scratch.start(["redis-server", self.folder / "redis.conf"], stdout=self.pipe, stderr=self.pipe)

    def start_replica(self):
        command = ["redis-server", "--port", str(self.replica_port), "--bind", "127.0.0.1", "--dir", self.replica_folder, "--save", ""]
        command += ["--replicaof", "127.0.0.1", str(self.port)]
        self.replica = self.scratch.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # What happens when all is well

    def normal(self, random):
        """The actions of one window; at least one leaves a line."""
        actions = [lambda n=random.randint(1, 12): self.client(n) for _ in range(random.choices([1, 2, 3, 4], [4, 4, 2, 1])[0])]
        rare = [(0.10, self.back_up), (0.07, self.rewrite_log), (0.06, self.rewrite_configuration), (0.15, self.listen), (0.12, self.write_much), (0.04, self.mistype)]
        return actions + [action for share, action in rare if random.random() < share]

    def client(self, commands):
        with Connection(self.port) as db:
            for number in range(commands):
                db.ask("SET", f"session:{number}", "x" * 40, "EX", 600)
                db.ask("GET", f"session:{number}")
                db.ask("INCR", "visits")

    def write_much(self):
        """More changes than the save point allows: the server saves by itself."""
        with Connection(self.port) as db:
            for number in range(60):
                db.ask("HSET", f"basket:{number}", "item", number)

    def back_up(self):
        with Connection(self.port) as db:
            db.ask("BGSAVE")

    def rewrite_log(self):
        with Connection(self.port) as db:
            db.ask("BGREWRITEAOF")

    def rewrite_configuration(self):
        with Connection(self.port) as db:
            db.ask("CONFIG", "SET", "maxmemory-samples", "6")
            db.ask("CONFIG", "REWRITE")

    def listen(self):
        with Connection(self.port) as listener, Connection(self.port) as speaker:
            listener.ask("SUBSCRIBE", "news")
            for _ in range(3):
                speaker.ask("PUBLISH", "news", "hello")

    def mistype(self):
        """A client that speaks no protocol and is sent away."""
        with Connection(self.port) as db:
            db.socket.sendall(b'SET key "unbalanced\r\n')
            db.socket.recv(200)

    # Faults

    def fault(self, kind, random):
        getattr(self, kind)(random)

    def save_failed(self, _):
        """The folder of the data cannot be written. A save that is under way is waited for."""
        os.chmod(self.folder, 0o500)
        with Connection(self.port) as db:
            while b"rdb_last_bgsave_status:err" not in db.ask("INFO", "persistence"):
                db.ask("BGSAVE")
                time.sleep(0.3)
        os.chmod(self.folder, 0o700)

    def output_buffer_overflow(self, random):
        """A subscriber that does not read."""
        with Connection(self.port, 4096) as listener, Connection(self.port) as speaker:
            listener.ask("SUBSCRIBE", "feed")
            for _ in range(random.randint(250, 300)):
                speaker.ask("PUBLISH", "feed", "y" * 16384)

    def replica_lost(self, _):
        """The replica dies; it comes back in the next window, which is left out."""
        self.replica.kill()
        self.replica.wait()
        threading.Timer(windows.SECONDS - time.time() % windows.SECONDS + 0.5, self.start_replica).start()

    def restart_after_kill(self, _):
        self.master.kill()
        self.master.wait()
        self.start()
        wait_for_port(self.port)

    def http_probe(self, random):
        """Somebody tries HTTP; the server tells of it once a minute at most."""
        with Connection(self.port) as db:
            path = random.choice(["/", "/login", "/api/v1"])
            db.socket.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            try:
                db.socket.recv(200)
            except ConnectionError:
                pass

    def slow_script(self, random):
        loops = random.randint(6, 9) * 1000000
        with Connection(self.port) as db:
            while True:
                before = time.monotonic()
                db.ask("EVAL", f"local n = 0 for i = 1, {loops} do n = n + i % 7 end return n", 0)
                if time.monotonic() - before > 0.35:
                    return
                loops *= 3


def make(out, seed, scale=1.0):
    """Writes the part's files; see windows.py."""
    instances = max(8, round(INSTANCES * scale))
    each = min(EACH, instances * 2 // 3) if scale < 1 else EACH
    with Scratch("redis") as scratch:
        collector = windows.Collector(scratch.path / "redis.log")
        fleet = []
        for number in range(1, instances + 1):
            fleet.append(Instance(f"redis-{number:02d}", scratch, collector))
            # A line comes every five seconds from the start of a server on: not from all at once.
            time.sleep(0.13)
        time.sleep(5)
        clean, mixed = (CLEAN, MIXED) if scale == 1 else (2, 32)
        plan = windows.Plan([instance.name for instance in fleet], KINDS, each, clean, mixed, GAP, seed)
        say(f"Redis: {instances} instances, {clean + mixed} windows of ten seconds")
        run = windows.Fleet(fleet, plan, seed)
        first = run.run()
        collector.close()
        return windows.write(pathlib.Path(out) / "redis", scratch.path / "redis.log", run, first)
