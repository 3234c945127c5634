"""Faults of PostgreSQL. Each function breaks one thing in one known session and raises Failed when the client did not see the expected error."""

import threading
import time

from pgwire import ConnectionLost, ServerError
from postgresql_work import CUSTOMERS, PRODUCTS, RESERVED, RESERVED_FROM, browse, cart, login, set_up
from records import INDIRECT


class Failed(Exception):
    """The fault did not come about."""


def expect(state, action):
    """Runs `action`, which must fail with this SQLSTATE."""
    try:
        action()
    except ServerError as error:
        if error.state == state:
            return
        raise Failed(f"SQLSTATE {error.state} instead of {state}: {error}") from error
    raise Failed(f"no error where {state} was expected")


def before(db, random):
    """What a session did before its fault: now and then nothing."""
    set_up(db, random)
    if random.random() < 0.7:
        random.choice([login, browse, cart])(db, random)


def after(db, random):
    """What the application does with an error inside a transaction."""
    db.query("ROLLBACK")
    if random.random() < 0.5:
        random.choice([login, browse])(db, random)
    db.close()


class Faults:
    """`shop` opens sessions and keeps the record: see postgresql.py."""

    def __init__(self, shop):
        self.shop = shop
        self.lock, self.disk = threading.Lock(), threading.Lock()
        self.pairs = 0

    def rows(self):
        """Two reserved products that no other session touches."""
        with self.lock:
            self.pairs += 1
            first = RESERVED_FROM + 2 * (1 + self.pairs % (RESERVED // 2 - 2))
        return first, first + 1

    def touch(self, db, product):
        db.query(f"UPDATE stock SET quantity = quantity - 1 WHERE product_id = {product}")

    def deadlock(self, random):
        """Two sessions lock two rows in opposite order. The one that the server chooses is the fault's session, the other is left out."""
        first, second = self.rows()
        sessions = [self.shop.open(INDIRECT, "the surviving side of a deadlock") for _ in range(2)]
        for db, product in zip(sessions, (first, second)):
            before(db, random)
            db.query("BEGIN")
            self.touch(db, product)
        victims = []

        def cross(index, product):
            try:
                self.touch(sessions[index], product)
                sessions[index].query("COMMIT")
                sessions[index].close()
            except ServerError as error:
                victims.append((index, error.state))

        threads = [threading.Thread(target=cross, args=item) for item in ((0, second), (1, first))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if len(victims) != 1 or victims[0][1] != "40P01":
            raise Failed(f"deadlock gave {victims}")
        victim = sessions[victims[0][0]]
        self.shop.record.label(victim.address, "deadlock")
        after(victim, random)

    def lock_timeout(self, random):
        product, _ = self.rows()
        holder = self.shop.open(INDIRECT, "holds the lock that another waits for")
        holder.query("BEGIN")
        self.touch(holder, product)
        db = self.shop.open("lock_timeout")
        before(db, random)
        db.query(f"SET lock_timeout = '{random.choice([200, 400, 1500])}ms'")
        db.query("BEGIN")
        expect("55P03", lambda: self.touch(db, product))
        after(db, random)
        holder.query("COMMIT")
        holder.close()

    def statement_timeout(self, random):
        db = self.shop.open("statement_timeout")
        before(db, random)
        db.query(f"SET statement_timeout = '{random.choice([100, 200, 300])}ms'")
        slow = random.choice([
            "SELECT count(*) FROM page_views a, page_views b WHERE a.milliseconds < b.milliseconds",
            "SELECT a.path, sum(b.milliseconds) FROM page_views a JOIN page_views b ON a.milliseconds <= b.milliseconds GROUP BY 1",
        ])  # fmt: skip
        expect("57014", lambda: db.query(slow))
        if random.random() < 0.5:
            db.query("RESET statement_timeout")
            browse(db, random)
        db.close()

    def client_vanished(self, random):
        db = self.shop.open("client_vanished")
        before(db, random)
        db.query("BEGIN")
        if random.random() < 0.7:
            self.touch(db, self.rows()[0])
        db.query(f"INSERT INTO orders (customer_id, status) VALUES ({random.randint(1, CUSTOMERS)}, 'new')")
        time.sleep(0.02)
        db.vanish(reset=random.random() < 0.4)

    def backend_terminated(self, random):
        """An operator ends a session, idle or in the midst of a statement."""
        db = self.shop.open("backend_terminated")
        before(db, random)
        if random.random() < 0.6:
            db.query("BEGIN")
            self.touch(db, self.rows()[0])
        if random.random() < 0.5:
            db.send(b"Q", b"SELECT count(*) FROM page_views a, page_views b WHERE a.milliseconds < b.milliseconds\0")
        time.sleep(0.05)
        self.shop.administer(f"SELECT pg_terminate_backend({db.process})")
        failure = db.wait_for_end()
        if failure is None or failure.state != "57P01":
            raise Failed(f"terminated session saw {failure}")

    def idle_in_transaction(self, random):
        db = self.shop.open("idle_in_transaction_timeout")
        before(db, random)
        db.query(f"SET idle_in_transaction_session_timeout = '{random.choice([150, 250])}ms'")
        db.query("BEGIN")
        if random.random() < 0.6:
            self.touch(db, self.rows()[0])
        failure = db.wait_for_end()
        if failure is None or failure.state != "25P03":
            raise Failed(f"idle session saw {failure}")

    def wrong_password(self, random):
        user = random.choice(["shop", "bench", "reporting"])
        try:
            self.shop.open("wrong_password", user=user, password="not this one").close()
        except ServerError as error:
            if error.state == "28P01":
                return
            raise Failed(str(error)) from error
        raise Failed("a wrong password was accepted")

    def disk_full(self, random):
        """The archive's table space is a tmpfs of a few megabytes; one session at a time fills it."""
        db = self.shop.open("disk_full")
        before(db, random)
        with self.disk:
            if random.random() < 0.75:
                db.query("BEGIN")
                db.query("CREATE TEMP TABLE archive_run (at timestamptz, path text, note text) TABLESPACE archive2")
                expect("53100", lambda: db.query("INSERT INTO archive_run SELECT at, path, repeat('x', 900) FROM page_views LIMIT 30000"))
                after(db, random)
            else:
                db.query("SET temp_tablespaces = archive2")
                db.query("SET work_mem = '64kB'")
                expect("53100", lambda: db.query("SELECT at, repeat('x', 600) FROM page_views ORDER BY milliseconds, 2 OFFSET 29999"))
                db.close()

    def constraint_storm(self, random):
        """A broken import repeats itself: many violations where a healthy session has one at most."""
        db = self.shop.open("constraint_storm")
        before(db, random)
        wrong = [
            ("23505", "INSERT INTO customers (email, name) VALUES ('c{n}@example.org', 'Imported')"),
            ("23503", "INSERT INTO orders (customer_id, status) VALUES (90000{n}, 'imported')"),
            ("23514", "INSERT INTO products (name, category, price) VALUES ('Imported {n}', 1, -{n})"),
            ("23502", "INSERT INTO payments (order_id, amount, provider) VALUES (NULL, {n}, 'import')"),
        ]
        kinds = random.sample(wrong, random.randint(1, 3))
        for _ in range(random.randint(6, 20)):
            state, text = random.choice(kinds)
            sql = text.format(n=random.randint(1, CUSTOMERS))
            expect(state, lambda: db.query(sql))
        db.close()

    def serialization_failure(self, random):
        product, _ = self.rows()
        db = self.shop.open("serialization_failure")
        before(db, random)
        db.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
        db.query(f"SELECT quantity FROM stock WHERE product_id = {product}")
        other = self.shop.open(INDIRECT, "changes the row that another reads")
        self.touch(other, product)
        other.close()
        expect("40001", lambda: self.touch(db, product))
        after(db, random)

    def bad_deploy(self, random):
        """The application is newer than the schema."""
        db = self.shop.open("bad_deploy")
        before(db, random)
        for _ in range(random.randint(1, 3)):
            expect("42703", lambda: db.query(f"SELECT id, loyalty_tier FROM customers WHERE id = {random.randint(1, CUSTOMERS)}"))
        if random.random() < 0.5:
            expect("42P01", lambda: db.query(f"INSERT INTO vouchers (product_id) VALUES ({random.randint(1, PRODUCTS)})"))
        db.close()

    # What touches the whole server: run while nothing else does.

    def slots_exhausted(self, refused):
        """Opens sessions until no slot is left, then tries `refused` times more."""
        holders = []
        try:
            while True:
                holders.append(self.shop.open(INDIRECT, "occupies a connection slot"))
        except ServerError as error:
            if error.state != "53300":
                raise
            self.shop.label_last("slots_exhausted")
        for _ in range(refused - 1):
            expect("53300", lambda: self.shop.open("slots_exhausted").close())
        for db in holders:
            db.close()

    def crash(self, random, refused_wanted):
        """Kills a backend with SIGKILL; gives the startup process's id and whether a session was refused during recovery."""
        sessions = [self.shop.open(INDIRECT, "cut off by a crash") for _ in range(3)]
        for db in sessions:
            before(db, random)
            db.query("BEGIN")
            db.query(f"INSERT INTO page_views SELECT now(), '/x', i FROM generate_series(1, {random.randint(10, 400)}) i")
        watch = self.shop.watch_startup()
        self.shop.kill(sessions[0].process)
        sessions[1].wait_for_end()
        refused = False
        if refused_wanted:
            try:
                self.shop.open("refused_in_recovery").close()
                self.shop.label_last(INDIRECT, "came after recovery had ended")
            except ServerError as error:
                refused = error.state == "57P03"
            except ConnectionLost:
                pass
            if not refused:
                self.shop.label_last(INDIRECT, "met the server between crash and recovery")
        for db in sessions:
            db.socket.close()
        process = watch()
        self.shop.wait_until_ready()
        return process, refused
