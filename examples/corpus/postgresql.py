"""PostgreSQL: a clean log and one with faults, one session of the log to a connection (%c)."""

import concurrent.futures
import pathlib
import random
import re
import threading
import time

import postgresql_work as work
from pgwire import ServerError
from postgresql_faults import Failed, Faults
from postgresql_server import PASSWORD, Shop
from records import INDIRECT, say, write_gzip, write_left_out, write_truth
from servers import Scratch

CLEAN, MIXED, BENCH_CLEAN, BENCH_MIXED, EACH = 3900, 1800, 500, 200, 66
WAITERS = 60
CONNECTED = re.compile(rb"^\S+ \S+ \S+ \[(\d+)\] (\S+) LOG:  connection received: host=(\S+)")
PREFIX = re.compile(rb"^(\S+ \S+ \S+) \[(\d+)\] ([0-9a-f]+\.[0-9a-f]+) ")


class Run:
    """One run with one seed."""

    def __init__(self, shop, seed):
        self.shop, self.seed = shop, seed
        self.faults = Faults(shop)
        self.failures = 0

    def normal(self, index):
        own = random.Random(f"{self.seed} normal {index}")
        db = self.shop.open("normal")
        work.set_up(db, own)
        work.shape(own)(db, own)
        if own.random() < 0.2:
            work.browse(db, own)
        db.close()

    def lock_wait(self, index):
        """Two well-behaved sessions of which one waits for the other: log_lock_waits speaks after a second."""
        own = random.Random(f"{self.seed} waiter {index}")
        holder, waiter = self.shop.open("normal"), self.shop.open("normal")
        thread = threading.Thread(target=work.hold_hot_row, args=(holder, 1.15))
        thread.start()
        time.sleep(0.05)
        work.wait_for_hot_row(waiter, own)
        thread.join()
        holder.close()
        waiter.close()

    def fault(self, name, index):
        """Injects a fault; one that did not come about is left out and tried again."""
        own = random.Random(f"{self.seed} {name} {index}")
        for _ in range(5):
            try:
                return getattr(self.faults, name)(own)
            except (Failed, ServerError) as failure:
                self.failures += 1
                self.shop.label_last(INDIRECT, f"the fault did not come about: {failure}")
        raise RuntimeError(f"{name} does not come about")

    def drive(self, plan, waiters):
        """Runs sessions six at a time, in the order of the plan, lock waits one after another beside them."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            slow = pool.submit(lambda: [self.lock_wait(index) for index in waiters])
            slots = threading.Semaphore(6)
            jobs = [slow]
            for action, *arguments in plan:
                slots.acquire()
                job = pool.submit(action, *arguments)
                job.add_done_callback(lambda _: slots.release())
                jobs.append(job)
        for job in jobs:
            job.result()

    def bench(self, transactions):
        """pgbench, a connection for each transaction; its sessions are normal. One connection more asks for the scale."""
        command = ["pgbench", "-h", str(self.shop.scratch.path), "-p", str(self.shop.port), "-U", "bench", "-C", "-n", "-R", "60"]
        environment = {"PATH": "/usr/bin:/bin", "PGPASSWORD": PASSWORD}
        half = str(transactions // 4)
        for script in ("tpcb-like", "simple-update", "select-only", "tpcb-like"):
            self.shop.scratch.run([*command, "-b", script, "-t", half, "shop"], env=environment, capture_output=True)

    def run(self, each, clean, mixed, waiters):
        environment = {"PATH": "/usr/bin:/bin", "PGPASSWORD": PASSWORD}
        prepare = ["pgbench", "-i", "-q", "-h", str(self.shop.scratch.path), "-p", str(self.shop.port), "-U", "bench", "shop"]
        self.shop.scratch.run(prepare, env=environment, capture_output=True)
        begin = self.shop.settle()
        say("PostgreSQL: the clean part")
        self.bench(BENCH_CLEAN)
        self.drive([(self.normal, index) for index in range(clean)], range(waiters))
        border = self.shop.settle()

        say("PostgreSQL: faults in single sessions")
        self.bench(BENCH_MIXED)
        single = ["deadlock", "lock_timeout", "statement_timeout", "client_vanished", "backend_terminated", "idle_in_transaction", "wrong_password"]
        single += ["disk_full", "constraint_storm", "serialization_failure", "bad_deploy"]
        plan = [(self.normal, clean + index) for index in range(mixed)]
        plan += [(self.fault, name, index) for name in single for index in range(each)]
        random.Random(f"{self.seed} plan").shuffle(plan)
        self.drive(plan, range(waiters, waiters + waiters // 2))
        self.shop.settle()

        say("PostgreSQL: faults of the whole server")
        for first in range(0, each, 11):
            self.faults.slots_exhausted(min(11, each - first))
            self.shop.settle()
        recovered = refused = 0
        own = random.Random(f"{self.seed} crash")
        while recovered < each or refused < each:
            process, was_refused = self.faults.crash(own, refused < each)
            refused += was_refused
            if process is not None:
                recovered += 1
                self.shop.startups[process] = "crash_recovery" if recovered <= each else INDIRECT
        return begin, border, self.shop.settle()


def label_sessions(shop, data, begin, border):
    """Joins the log's sessions with the record by client address, and by process id for the startup processes.

    Returns the truth, and what is left out with the reason. Sessions over the Unix socket are pgbench's.
    """
    truth, left_out = [], []
    address_of, process_of, file_of = {}, {}, {}
    offset = 0
    for line in data.splitlines(keepends=True):
        if match := PREFIX.match(line):
            session = match[3].decode()
            file_of.setdefault(session, "before" if offset < begin else "normal" if offset < border else "mixed")
            process_of[session] = int(match[2])
            if connected := CONNECTED.match(line):
                address_of[session] = connected[3].decode()
        offset += len(line)
    for session, file in file_of.items():
        if file == "before":
            continue
        address = address_of.get(session)
        if address == "[local]":
            kind, note = "normal", ""
        elif address:
            kind, note = shop.record.labels[address], shop.record.notes[address]
        else:
            kind = shop.startups.get(process_of[session], INDIRECT)
            note = "a process of the server's own"
        if kind == INDIRECT:
            left_out.append((session, note))
        else:
            truth.append((session, kind, f"{file}.log.gz"))
    return truth, left_out


def make(out, seed, scale=1.0):
    """Writes the clean and the mixed log, the truth, and the list of what is left out."""
    binaries = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    with Scratch("postgres") as scratch:
        shop = Shop(scratch, binaries)
        shop.start()
        run = Run(shop, seed)
        begin, border, end = run.run(max(2, round(EACH * scale)), round(CLEAN * scale), round(MIXED * scale), round(WAITERS * scale))
        data = shop.log_path.read_bytes()[:end]
    truth, left_out = label_sessions(shop, data, begin, border)
    folder = pathlib.Path(out) / "postgresql"
    folder.mkdir(parents=True, exist_ok=True)
    write_gzip(folder / "normal.log.gz", [data[begin:border]])
    write_gzip(folder / "mixed.log.gz", [data[border:end]])
    write_truth(folder / "truth.csv", truth)
    write_left_out(folder / "left_out.csv", left_out)
    say(f"PostgreSQL: {run.failures} injections had to be repeated")
    return truth
