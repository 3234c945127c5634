"""Many small instances of a server side by side, whose log is cut into windows of ten seconds.

The lines of all instances go into one file, each behind the name of its instance and the time it came, as `docker compose logs --timestamps`
prints them (to the millisecond here). A fault is put into one window of one instance, early enough for its lines to fall into the same window, and the script keeps
when that was. The window after a fault belongs to the recovery and is left out, as is a window in which an action overran its end.
"""

import concurrent.futures
import heapq
import os
import pathlib
import random
import selectors
import threading
import time

from records import say, write_gzip, write_left_out, write_truth

SECONDS = 10
LATEST = 8.5


class Collector:
    """Reads what instances print and writes it line by line behind name and time."""

    def __init__(self, path):
        self.out = open(path, "wb")
        self.selector = selectors.DefaultSelector()
        self.lock = threading.Lock()
        self.pieces = {}
        self.done = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def pipe(self, name, owner):
        """The writing end of a pipe for an instance, which keeps it over restarts; `owner` may open it again as /dev/stdout."""
        reading, writing = os.pipe()
        os.fchown(writing, owner, -1)
        self.pieces[reading] = b""
        self.selector.register(reading, selectors.EVENT_READ, name)
        return writing

    def run(self):
        while not self.done:
            for key, _ in self.selector.select(timeout=0.2):
                data = self.pieces[key.fd] + os.read(key.fd, 65536)
                *lines, self.pieces[key.fd] = data.split(b"\n")
                for line in lines:
                    if line:
                        self.write(key.data, line)

    def write(self, name, line):
        now = time.time_ns()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now // 10**9))
        self.out.write(f"{name}  | {stamp}.{now // 10**6 % 1000:03d}Z ".encode() + line + b"\n")

    def close(self):
        time.sleep(0.5)
        self.done = True
        self.thread.join()
        self.out.close()


def window_of(moment):
    return int(moment) // SECONDS


def window_id(name, window):
    """What `--session` finds in the lines of a window: the name and the time without its last digit of the seconds."""
    return f"{name}  | " + time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(window * SECONDS))[:-1]


class Plan:
    """What happens in which window: clean windows first, then mixed ones with faults no closer than `gap` windows on one instance."""

    def __init__(self, names, kinds, each, clean, mixed, gap, seed):
        self.names, self.clean, self.mixed = names, clean, mixed
        own = random.Random(f"{seed} plan")
        places = [(name, clean + start) for start in range(1, mixed - 1, gap) for name in names]
        if len(places) < each * len(kinds):
            raise ValueError("too few windows for so many faults")
        own.shuffle(places)
        self.faults = {}
        for kind in kinds:
            used = set()
            for _ in range(each):
                # A kind meets an instance once where it can: some servers log a thing once a minute.
                index = next((i for i, place in enumerate(places) if place[0] not in used), 0)
                place = places.pop(index)
                used.add(place[0])
                self.faults[place] = kind


class Fleet:
    """Runs a plan over instances. An instance has `name`, `normal(random)` with actions for one window, and `fault(kind, random)`."""

    def __init__(self, instances, plan, seed):
        self.instances, self.plan, self.seed = instances, plan, seed
        self.overrun, self.failed = set(), []

    def run(self):
        """Returns the number of the first window."""
        first = window_of(time.time()) + 1
        jobs = []
        for index in range(self.plan.clean + self.plan.mixed):
            begin = (first + index) * SECONDS
            for instance in self.instances:
                own = random.Random(f"{self.seed} {instance.name} {index}")
                kind = self.plan.faults.get((instance.name, index))
                for action in instance.normal(own):
                    jobs.append((begin + own.uniform(0.3, 7.0), instance, action))
                if kind:
                    jobs.append((begin + own.uniform(1.0, 3.5), instance, lambda i=instance, k=kind, r=own: i.fault(k, r)))
        queue = [(moment, number, instance, action) for number, (moment, instance, action) in enumerate(jobs)]
        heapq.heapify(queue)
        with concurrent.futures.ThreadPoolExecutor(24) as pool:
            while queue:
                moment, _, instance, action = heapq.heappop(queue)
                time.sleep(max(0, moment - time.time()))
                pool.submit(self.act, moment, instance, action)
        time.sleep(max(0, (first + self.plan.clean + self.plan.mixed) * SECONDS - time.time()))
        return first

    def act(self, moment, instance, action):
        """Runs one action; the instance does one thing at a time."""
        with instance.lock:
            try:
                action()
            except Exception as error:  # An action that met a fault is part of it; the verification below reads the logs.
                self.failed.append((instance.name, window_of(moment), repr(error)))
        if time.time() > window_of(moment) * SECONDS + LATEST + 1.3:
            self.overrun.add((instance.name, window_of(moment)))

    def labels(self, first):
        """Truth and left-out windows by id."""
        truth, left_out = [], []
        for index in range(self.plan.clean + self.plan.mixed):
            file = "normal.log.gz" if index < self.plan.clean else "mixed.log.gz"
            for instance in self.instances:
                name, key = instance.name, window_id(instance.name, first + index)
                kind = self.plan.faults.get((name, index))
                if (name, first + index) in self.overrun:
                    left_out.append((key, "an action overran the window"))
                elif kind:
                    truth.append((key, kind, file))
                elif (name, index - 1) in self.plan.faults:
                    left_out.append((key, f"after {self.plan.faults[name, index - 1]}"))
                elif any(window == first + index and name == other for other, window, _ in self.failed):
                    left_out.append((key, "an action of the workload failed"))
                else:
                    truth.append((key, "normal", file))
        return truth, left_out


def write(folder, log_path, fleet, first):
    """Writes the logs, the truth and what was left out; windows before the first and after the last are not written."""
    clean_end = window_id("", first + fleet.plan.clean)
    begin, end = window_id("", first), window_id("", first + fleet.plan.clean + fleet.plan.mixed)
    parts = {"normal.log.gz": [], "mixed.log.gz": []}
    with open(log_path, "rb") as log:
        for line in log:
            stamp = line[line.index(b"  | ") : line.index(b"  | ") + len(begin)].decode()
            if begin <= stamp < end:
                parts["normal.log.gz" if stamp < clean_end else "mixed.log.gz"].append(line)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in parts.items():
        write_gzip(folder / name, lines)
    truth, left_out = fleet.labels(first)
    write_truth(folder / "truth.csv", truth)
    write_left_out(folder / "left_out.csv", left_out)
    for name, window, error in fleet.failed:
        say(f"{window_id(name, window)}: {error}")
    return truth
