#!/usr/bin/env python3
"""Reads the logs beside the truth: does every session with a fault show it, and no other session? Labels do not come from here."""

import collections
import csv
import gzip
import pathlib
import re
import sys

SESSIONS = {
    "postgresql": r"\] ([0-9a-f]{8}\.[0-9a-f]+)",
    "nginx_requests": r"(\*\d+)",
    "nginx_workers": r"^(nginx-\d+  \| .{18})",
    "redis": r"^(redis-\d+  \| .{18})",
}
SHOWS = {
    "postgresql": {
        "deadlock": "ERROR:  deadlock detected",
        "lock_timeout": "due to lock timeout",
        "statement_timeout": "due to statement timeout",
        "client_vanished": "unexpected EOF on client connection with an open|could not receive data from client",
        "backend_terminated": "due to administrator command",
        "idle_in_transaction_timeout": "idle-in-transaction timeout",
        "wrong_password": "password authentication failed",
        "slots_exhausted": "remaining connection slots",
        "disk_full": "No space left",
        "constraint_storm": "violates(.*\n)*.*violates",
        "serialization_failure": "could not serialize",
        "bad_deploy": "does not exist",
        "crash_recovery": "automatic recovery in progress",
        "refused_in_recovery": "in recovery mode",
    },
    "nginx_requests": {
        "upstream_down": "Connection refused",
        "upstream_slow": "upstream timed out",
        "upstream_reset": "upstream prematurely closed",
        "oversized_body": "too large body",
        "bad_tls_client": "SSL_do_handshake",
        "permission_denied": "Permission denied",
        "rate_limited": "limiting requests",
        "malformed_request": "client sent (invalid|HTTP)| 505 ",
    },
    "nginx_workers": {
        "worker_killed": "exited on signal 9",
        "reload_failed": r"\[emerg\] .*(unknown directive|invalid port|no servers)",
        "port_taken": "still could not bind",
        "connections_exhausted": "worker_connections are not enough",
    },
    "redis": {
        "save_failed": "Background saving error",
        "output_buffer_overflow": "overcoming of output buffer",
        "replica_lost": "Connection with replica",
        "restart_after_kill": "Redis is starting",
        "http_probe": "SECURITY ATTACK",
        "slow_script": "Slow script",
    },
}


def lines_by_session(folder, pattern):
    """The text of each session of both logs."""
    texts = collections.defaultdict(list)
    for name in ("normal.log.gz", "mixed.log.gz"):
        with gzip.open(folder / name, "rt", errors="replace") as log:
            for line in log:
                if match := re.search(pattern, line):
                    texts[match[1]].append(line)
    return {session: "".join(lines) for session, lines in texts.items()}


def main():
    wrong = 0
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    for part, pattern in SESSIONS.items():
        folder = (root if root.is_dir() else root.parent) / part
        with open(folder / "truth.csv", newline="") as file:
            truth = {row["id"]: row["kind"] for row in csv.DictReader(file)}
        texts = lines_by_session(folder, pattern)
        for session, kind in truth.items():
            shown = {fault for fault, text in SHOWS[part].items() if re.search(text, texts.get(session, ""))}
            if session not in texts or shown != ({kind} - {"normal"}):
                wrong += 1
                print(f"{part}: {session} is {kind} and shows {sorted(shown) or 'nothing'}")
        print(f"{part}: {len(truth)} sessions, {len(set(truth.values())) - 1} faults")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
