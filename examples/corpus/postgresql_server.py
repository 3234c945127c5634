"""The PostgreSQL server of the shop, its clients, and the record of what each was for."""

import os
import pathlib
import signal
import subprocess
import threading
import time

import postgresql_work as work
from pgwire import Client, ConnectionLost, ServerError
from records import INDIRECT, Addresses, Record
from servers import free_port

CONFIGURATION = """
listen_addresses = '127.0.0.1'
max_connections = 34
superuser_reserved_connections = 3
shared_buffers = 16MB
fsync = on
log_line_prefix = '%m [%p] %c '
log_timezone = 'UTC'
log_connections = on
log_disconnections = on
log_min_duration_statement = 0
log_lock_waits = on
log_temp_files = 0
autovacuum_naptime = 20s
"""
PASSWORD = "only for this corpus"


class Shop:
    """The server, its clients and the record of what each was for."""

    def __init__(self, scratch, binaries):
        self.scratch, self.binaries = scratch, binaries
        self.record, self.addresses = Record(), Addresses()
        self.port = free_port()
        self.startups = {}
        self.admin, self.admin_lock = None, threading.Lock()
        self.local = threading.local()

    def start(self):
        data = self.scratch.path / "data"
        password_file = self.scratch.path / "password"
        password_file.write_text(PASSWORD)
        initialise = [self.binaries / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", password_file]
        self.scratch.own(password_file)
        self.scratch.run([*initialise, "--locale=C.UTF-8"], stdout=subprocess.DEVNULL)
        with open(data / "postgresql.conf", "a") as out:
            out.write(CONFIGURATION + f"port = {self.port}\nunix_socket_directories = '{self.scratch.path}'\n")
        with open(data / "pg_hba.conf", "a") as out:
            out.write("host all all 127.0.0.0/8 scram-sha-256\n")
        self.log_path = self.scratch.path / "postgresql.log"
        self.log = open(self.log_path, "ab")
        command = [self.binaries / "postgres", "-D", data]
        self.server = self.scratch.start(command, stdout=self.log, stderr=self.log, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
        self.wait_until_ready(database="postgres")
        self.administer("CREATE DATABASE shop", database="postgres")
        for statement in work.SCHEMA.strip().split(";\n"):
            self.administer(statement)
        for user in ("shop", "reporting"):
            self.administer(f"CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'")
        self.administer("CREATE ROLE bench LOGIN PASSWORD '" + PASSWORD + "'")
        self.administer("GRANT ALL ON ALL TABLES IN SCHEMA public TO shop")
        self.administer("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO shop")
        self.administer("GRANT ALL ON SCHEMA public TO shop, bench")
        for table in ("carts", "page_views", "customers"):
            self.administer(f"ALTER TABLE {table} OWNER TO shop")
        spaces = {"archive1": self.scratch.folder("archive1"), "archive2": self.scratch.tmpfs("archive2", 8)}
        for name, path in spaces.items():
            self.administer(f"CREATE TABLESPACE {name} LOCATION '{path}'")
            self.administer(f"GRANT CREATE ON TABLESPACE {name} TO shop")

    # Sessions

    def open(self, kind, note="", user="shop", password=PASSWORD):
        """Opens a session from an address of its own, under a label."""
        address = self.addresses.next()
        self.record.label(address, kind, note)
        self.local.last = address
        db = Client(self.port, address, user, password, "shop")
        db.address = address
        return db

    def label_last(self, kind, note=""):
        """Changes the label of the session that this thread tried last."""
        self.record.label(self.local.last, kind, note)

    def administer(self, sql, database="shop"):
        """Runs a statement as the superuser, over one connection that lasts; its session is left out."""
        with self.admin_lock:
            if self.admin is None or self.admin.database != database:
                if self.admin:
                    self.admin.close()
                address = self.addresses.next()
                self.record.label(address, INDIRECT, "the script's own administration")
                self.admin = Client(self.port, address, "postgres", PASSWORD, database)
                self.admin.database = database
            return self.admin.query(sql)

    # The server as a whole

    def wait_until_ready(self, database="shop"):
        """Tries to connect until the server answers; these attempts are left out."""
        with self.admin_lock:
            self.admin = None
        end = time.monotonic() + 30
        while True:
            try:
                self.administer("SELECT 1", database)
                return
            except (ServerError, ConnectionLost) as error:
                if self.server.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"the server does not answer: {error}") from error
                time.sleep(0.05)

    def kill(self, process):
        os.kill(process, signal.SIGKILL)

    def watch_startup(self):
        """Looks for the startup process, which recovers the data after a crash; gives a function that returns its process id once it is done."""
        found = []
        done = threading.Event()
        children = pathlib.Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")

        def look():
            while not done.is_set() and not found:
                for child in children.read_text().split():
                    try:
                        if "startup" in pathlib.Path(f"/proc/{child}/cmdline").read_text():
                            found.append(int(child))
                    except OSError:
                        continue
                time.sleep(0.001)

        thread = threading.Thread(target=look)
        thread.start()

        def result():
            time.sleep(0.05)
            done.set()
            thread.join()
            while found and pathlib.Path(f"/proc/{found[0]}").exists():
                time.sleep(0.02)
            time.sleep(0.1)
            return found[0] if found else None

        return result

    def settle(self):
        """Waits until no client session is left and gives the length of the log."""
        while self.administer("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") != [["1"]]:
            time.sleep(0.05)
        time.sleep(0.3)
        return self.log_path.stat().st_size
