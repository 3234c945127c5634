#!/usr/bin/env python3
"""Simulates the log of a small order service, with faults of known kinds injected.

Nothing in the output comes from a real system. The tests of the installed files use it: it is made in a moment and trained on in seconds.

    python3 simulate.py --out DIR --seed 7

writes three files into DIR:

    normal.log   sessions without a fault
    mixed.log    other sessions, about a quarter of them faulty
    truth.csv    id,kind of every session of mixed.log; "normal" for those without a fault

The same seed gives the same bytes. A session is a request; its key is `req-` and eight hexadecimal digits.
"""

from __future__ import annotations

import argparse
import datetime
import pathlib
import sys
from random import Random
from typing import Callable, Dict, Iterable, List, NamedTuple, Tuple

START = datetime.datetime(2025, 3, 4, 8, 0, 0, tzinfo=datetime.timezone.utc)
SESSIONS_PER_SECOND = 3.0
NORMAL_SESSIONS = 2000
MIXED_SESSIONS = 1200


class Line(NamedTuple):
    """One log line of a request; `delay` is the time since the line before it, in milliseconds."""

    delay: int
    level: str
    component: str
    text: str


class Request:
    """Collects the lines of one request, and draws the values that appear in them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.lines: List[Line] = []
        self.customer = 1000 + random.randrange(9000)
        self.order = 700000 + random.randrange(200000)
        item_count = self.pick([1, 1, 1, 2, 2, 3, 4, 6])
        self.items = [100 + random.randrange(900) for _ in range(item_count)]
        self.cents = 500 + random.randrange(40000)

    def pick(self, choices: List[int]) -> int:
        return choices[self.random.randrange(len(choices))]

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def log(self, level: str, component: str, text: str, slowest: int = 60, fastest: int = 1) -> None:
        delay = fastest + self.random.randrange(slowest)
        self.lines.append(Line(delay, level, component, text))

    @property
    def elapsed(self) -> int:
        return sum(line.delay for line in self.lines)

    @property
    def amount(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02d}"


# Steps of a request. Each logs one or a few lines; requests are made of them below.


def open_request(request: Request, method: str, path: str) -> None:
    address = f"10.0.{request.random.randrange(4)}.{1 + request.random.randrange(250)}"
    request.log("INFO", "gateway", f"{method} {path} received from {address}")
    request.log("DEBUG", "gateway", f"token of customer {request.customer} accepted")


def respond(request: Request, status: int) -> None:
    request.log("INFO", "gateway", f"responded with status {status} in {request.elapsed} ms")


def load_cart(request: Request) -> None:
    if request.chance(0.7):
        request.log("DEBUG", "orders", f"cart of customer {request.customer} found in cache")
    else:
        request.log("DEBUG", "orders", f"cart of customer {request.customer} not in cache")
        request.log("DEBUG", "orders", f"cart read from database, {len(request.items)} items")
    if request.chance(0.15):
        request.log("INFO", "orders", f"voucher SPRING{request.random.randrange(100)} applied")


def reserve_items(request: Request) -> None:
    for item in request.items:
        request.log("DEBUG", "inventory", f"item {item} reserved at shelf {request.random.randrange(40)}")


def authorize(request: Request) -> None:
    request.log("INFO", "payment", f"authorizing {request.amount} EUR for order {request.order}")
    while request.chance(0.06):
        time_out(request)
    request.log("INFO", "payment", f"authorization {request.random.randrange(16**10):010x} granted", 300)


def time_out(request: Request) -> None:
    limit = 800 + request.random.randrange(200)
    request.log("WARN", "payment", f"processor gave no answer within {limit} ms, trying again", fastest=limit)


def capture(request: Request) -> None:
    request.log("INFO", "payment", f"captured {request.amount} EUR for order {request.order}", 200)


def store_order(request: Request) -> None:
    request.log("INFO", "orders", f"order {request.order} stored with {len(request.items)} items")


def ship(request: Request) -> None:
    carrier = ["post", "courier", "pickup"][request.pick([0, 0, 1, 2])]
    request.log("INFO", "shipping", f"label printed for order {request.order} by {carrier}")
    if request.chance(0.2):
        request.log("INFO", "shipping", f"express delivery booked for order {request.order}")


def notify(request: Request) -> None:
    request.log("DEBUG", "shipping", f"confirmation queued for customer {request.customer}")


# Requests without a fault.


def place_order(request: Request) -> None:
    open_request(request, "POST", "/orders")
    for step in (load_cart, reserve_items, authorize, capture, store_order, ship, notify):
        step(request)
    respond(request, 201)


def show_order(request: Request) -> None:
    open_request(request, "GET", f"/orders/{request.order}")
    if request.chance(0.6):
        request.log("DEBUG", "orders", f"order {request.order} found in cache")
    else:
        request.log("DEBUG", "orders", f"order {request.order} read from database")
    if request.chance(0.5):
        depot = request.random.randrange(30)
        request.log("DEBUG", "shipping", f"parcel of order {request.order} is at depot {depot}")
    respond(request, 200)


def cancel_order(request: Request) -> None:
    open_request(request, "DELETE", f"/orders/{request.order}")
    request.log("DEBUG", "orders", f"order {request.order} read from database")
    for item in request.items:
        request.log("DEBUG", "inventory", f"item {item} released")
    request.log("INFO", "payment", f"refunded {request.amount} EUR for order {request.order}", 200)
    request.log("INFO", "orders", f"order {request.order} marked as cancelled")
    notify(request)
    respond(request, 200)


def any_normal(request: Request) -> None:
    draw = request.random.random()
    (place_order if draw < 0.6 else show_order if draw < 0.88 else cancel_order)(request)


# Requests with a fault. Three of the six kinds show only in the order, number or absence of ordinary lines.


def processor_unreachable(request: Request) -> None:
    """New lines: the card processor refuses connections, and the order is rolled back."""
    open_request(request, "POST", "/orders")
    load_cart(request)
    reserve_items(request)
    request.log("INFO", "payment", f"authorizing {request.amount} EUR for order {request.order}")
    for attempt in range(1, 2 + request.pick([2, 2, 3])):
        address = f"10.9.0.{1 + request.random.randrange(3)}:8443"
        request.log("ERROR", "payment", f"connection to {address} refused, attempt {attempt}", 400)
    request.log("ERROR", "payment", "circuit breaker of the card processor opened")
    for item in request.items:
        request.log("DEBUG", "inventory", f"item {item} released")
    respond(request, 503)


def database_deadlock(request: Request) -> None:
    """New lines in the middle: the database restarts the transaction, and the order goes through in the end."""
    open_request(request, "POST", "/orders")
    for step in (load_cart, reserve_items, authorize, capture):
        step(request)
    for _ in range(request.pick([1, 1, 2])):
        mine, other = 10000 + request.random.randrange(90000), 10000 + request.random.randrange(90000)
        request.log("ERROR", "orders", f"deadlock between transactions {mine} and {other}", 500)
        request.log("WARN", "orders", f"transaction {mine} restarted")
    for step in (store_order, ship, notify):
        step(request)
    respond(request, 201)


def stale_price(request: Request) -> None:
    """New lines early: the cache holds an old price, and the cart is read and priced again."""
    open_request(request, "POST", "/orders")
    request.log("DEBUG", "orders", f"cart of customer {request.customer} found in cache")
    old, new = request.random.randrange(90), 90 + request.random.randrange(9)
    request.log("WARN", "orders", f"price of item {request.items[0]} in cache is version {old}, current is {new}")
    request.log("INFO", "orders", f"cart of customer {request.customer} priced again")
    request.log("DEBUG", "orders", f"cart read from database, {len(request.items)} items")
    for step in (reserve_items, authorize, capture, store_order, ship, notify):
        step(request)
    respond(request, 201)


def order_lost(request: Request) -> None:
    """Missing steps: the customer has paid, but the order is neither stored nor shipped. No line is new."""
    open_request(request, "POST", "/orders")
    for step in (load_cart, reserve_items, authorize, capture):
        step(request)
    respond(request, 201)


def captured_too_early(request: Request) -> None:
    """Wrong order: money is captured before goods are reserved. Every line is an ordinary one."""
    open_request(request, "POST", "/orders")
    for step in (load_cart, authorize, capture, reserve_items, store_order, ship, notify):
        step(request)
    respond(request, 201)


def retry_storm(request: Request) -> None:
    """A loop: the processor never answers in time, and the client never gives up. No line is new."""
    open_request(request, "POST", "/orders")
    load_cart(request)
    reserve_items(request)
    request.log("INFO", "payment", f"authorizing {request.amount} EUR for order {request.order}")
    for _ in range(9 + request.random.randrange(25)):
        time_out(request)
    request.log("INFO", "payment", f"authorization {request.random.randrange(16**10):010x} granted", 300)
    for step in (capture, store_order, ship, notify):
        step(request)
    respond(request, 201)


FAULTS: List[Tuple[str, Callable[[Request], None], int]] = [
    ("processor_unreachable", processor_unreachable, 84),
    ("retry_storm", retry_storm, 62),
    ("order_lost", order_lost, 54),
    ("database_deadlock", database_deadlock, 42),
    ("captured_too_early", captured_too_early, 34),
    ("stale_price", stale_price, 24),
]

Session = Tuple[str, str, Callable[[Request], None]]


def sessions_of(random: Random, count: int, faults: bool, taken: Dict[str, str]) -> List[Session]:
    """The id, kind and maker of `count` sessions in the order in which they start."""
    makers: List[Tuple[str, Callable[[Request], None]]] = []
    if faults:
        for kind, maker, size in FAULTS:
            makers += [(kind, maker)] * size
    makers += [("normal", any_normal)] * (count - len(makers))
    random.shuffle(makers)
    sessions = []
    for kind, maker in makers:
        identifier = f"req-{random.randrange(16**8):08x}"
        while identifier in taken:
            identifier = f"req-{random.randrange(16**8):08x}"
        taken[identifier] = kind
        sessions.append((identifier, kind, maker))
    return sessions


def lines_of(random: Random, sessions: List[Session], start: datetime.datetime) -> Iterable[str]:
    """The lines of all sessions, interleaved by time, with the lines that belong to none."""
    queue: List[Tuple[float, int, str]] = []
    clock = 0.0
    serial = 0
    for identifier, _, maker in sessions:
        clock += random.expovariate(SESSIONS_PER_SECOND) * 1000
        request = Request(random)
        maker(request)
        moment = clock
        for line in request.lines:
            moment += line.delay
            serial += 1
            text = f"{line.level:5} {line.component} [{identifier}] {line.text}"
            queue.append((moment, serial, text))
    for second in range(0, int(clock / 1000) + 1, 10):
        serial += 1
        text = f"DEBUG gateway health check passed, {5 + random.randrange(30)} connections open"
        queue.append((second * 1000.0, serial, text))
    for moment, _, text in sorted(queue):
        stamp = start + datetime.timedelta(milliseconds=int(moment))
        yield f"{stamp:%Y-%m-%dT%H:%M:%S}.{stamp.microsecond // 1000:03d}Z {text}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Simulate the log of an order service with injected faults.")
    parser.add_argument(
        "--out", type=pathlib.Path, required=True, metavar="DIR", help="folder to write into; made when missing")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same bytes (default 7)")
    arguments = parser.parse_args()

    random = Random(arguments.seed)
    taken: Dict[str, str] = {}
    normal = sessions_of(random, NORMAL_SESSIONS, False, taken)
    mixed = sessions_of(random, MIXED_SESSIONS, True, taken)
    arguments.out.mkdir(parents=True, exist_ok=True)
    with open(arguments.out / "normal.log", "w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines_of(random, normal, START))
    with open(arguments.out / "mixed.log", "w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines_of(random, mixed, START + datetime.timedelta(days=1)))
    with open(arguments.out / "truth.csv", "w", encoding="utf-8", newline="\n") as file:
        file.write("id,kind\n")
        file.writelines(f"{identifier},{kind}\n" for identifier, kind, _ in mixed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
