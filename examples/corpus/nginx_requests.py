"""nginx's requests: access and error log in one stream, one session to a connection (`*N`)."""

import collections
import concurrent.futures
import os
import pathlib
import random
import re
import socket
import subprocess
import time

from nginx_traffic import Backend, Browser
from records import INDIRECT, Addresses, Record, say, write_gzip, write_left_out, write_truth
from servers import Scratch, free_port, wait_for_port

CLEAN, MIXED, EACH = 4200, 1900, 66
KINDS = [
    "upstream_down", "upstream_slow", "upstream_reset", "oversized_body", "bad_tls_client", "permission_denied", "rate_limited", "malformed_request",
]  # fmt: skip
CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
worker_processes 2;
error_log {folder}/nginx.log info;
events {{ worker_connections 256; }}
http {{
  log_format main '$time_iso8601 [access] $pid#0: *$connection $remote_addr "$request" $status $body_bytes_sent rt=$request_time '
                  'up=$upstream_status "$http_user_agent"';
  access_log {folder}/nginx.log main;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  client_max_body_size 64k;
  client_body_buffer_size 8k;
  keepalive_timeout 10s;
  proxy_buffers 4 4k; proxy_buffer_size 4k; proxy_busy_buffers_size 8k;
  proxy_read_timeout 700ms;
  proxy_next_upstream off;
  rewrite_log on;
  limit_req_zone $cookie_account zone=login:1m rate=4r/s;
  server {{
    listen 127.0.0.1:{port};
    listen 127.0.0.1:{tls} ssl;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    root {folder}/html;
    location /api/ {{ proxy_pass http://127.0.0.1:{backend}; }}
    location /billing/ {{ proxy_pass http://127.0.0.1:{billing}; }}
    location /login {{ limit_req zone=login burst=2; proxy_pass http://127.0.0.1:{backend}; }}
    location /old/ {{ rewrite ^/old/(.*)$ /pages/$1 last; }}
  }}
}}
"""
CONNECTION = re.compile(rb"^\S+(?: \d\d:\d\d:\d\d)? \[\w+\] \d+#\d+: \*(\d+) ")
ADDRESS = re.compile(rb"^\S+ \[access\] \d+#\d+: \*\d+ (\S+) |client: ([0-9.]+)")


class Site:
    """The server, what stands behind it, and the record."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.record, self.addresses = Record(), Addresses()
        self.port, self.tls = free_port(), free_port()
        self.backend, self.billing = Backend(), Backend()
        html = scratch.folder("html")
        pages = scratch.folder("html/pages")
        for path, text in (("index.html", "<h1>shop</h1>"), ("logo.svg", "<svg/>" * 40), ("pages/about.html", "about")):
            (html / path).write_text(text)
        (pages / "prices.html").write_text("secret")
        os.chmod(pages / "prices.html", 0)
        key, certificate = scratch.path / "key.pem", scratch.path / "certificate.pem"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=shop.example", "-keyout", key, "-out", certificate]
        scratch.run(command, capture_output=True)
        names = {"port": self.port, "tls": self.tls, "backend": self.backend.port, "billing": self.billing.port}
        (scratch.path / "nginx.conf").write_text(CONFIGURATION.format(folder=scratch.path, **names))
        self.log_path = scratch.path / "nginx.log"
        command = ["/usr/sbin/nginx", "-e", self.log_path, "-p", scratch.path, "-c", scratch.path / "nginx.conf"]
        self.server = scratch.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port)

    def settle(self):
        """Waits until nginx has closed and logged everything, and gives the length of the log."""
        time.sleep(1.5)
        return self.log_path.stat().st_size

    def normal(self, own):
        browser = Browser(self, "normal")
        for _ in range(own.choices([1, 2, 3, 4], [5, 4, 2, 1])[0]):
            browser.visit(own)
        browser.close()

    def down(self, own):
        """A visitor of the billing service while it is down; before, a visit that does not need it."""
        browser = Browser(self, "upstream_down")
        if own.random() < 0.7:
            browser.request("GET", own.choice(["/index.html", "/api/products/7", "/old/about.html"]))
        wanted, status = self.upstream_down(browser, own)
        if status not in wanted:
            raise RuntimeError(f"upstream_down: status {status}")
        browser.close()

    # Faults; each returns the statuses that are right and the one that the client saw

    def fault(self, kind, own):
        if kind == "bad_tls_client":
            self.bad_tls_client(own)
            return
        browser = Browser(self, kind)
        if own.random() < 0.7:
            browser.visit(own)
        wanted, status = getattr(self, kind)(browser, own)
        if status not in wanted:
            raise RuntimeError(f"{kind}: status {status} instead of {wanted}")
        if own.random() < 0.4 and status not in (0, 400, 413):
            browser.visit(own)
        browser.close()

    def upstream_down(self, browser, own):
        """The billing service is down: nothing listens on its port. See `drive` for when."""
        return {502}, [browser.request("GET", "/billing/invoices") for _ in range(own.randint(1, 3))][-1]

    def upstream_slow(self, browser, own):
        return {504}, browser.request("GET", f"/api/products/{own.randint(1, 500)}?slow=1")

    def upstream_reset(self, browser, own):
        return {502}, browser.request("GET", f"/api/products/{own.randint(1, 500)}?reset=1")

    def oversized_body(self, browser, own):
        return {413, 0}, browser.request("POST", "/api/orders", b"x" * own.randint(70000, 200000))

    def permission_denied(self, browser, own):
        return {403}, browser.request("GET", own.choice(["/pages/prices.html", "/old/prices.html"]))

    def rate_limited(self, browser, own):
        """Passwords are tried on one account, from several addresses at once. The others keep the bucket full and are left out."""
        cookie = f"Cookie: account={browser.address}\r\n"
        head = f"POST /login HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: {browser.agent}\r\nContent-Length: 0\r\n{cookie}\r\n"
        others = [Browser(self, INDIRECT, False, "tries passwords beside another") for _ in range(3)]
        for other in others:
            other.socket.sendall(head.encode() * 4)
        time.sleep(0.02)
        statuses = [browser.request("POST", "/login", b"", cookie) for _ in range(own.randint(4, 16))]
        for other in others:
            other.close()
        return {503}, 503 if 503 in statuses else statuses[-1]

    def malformed_request(self, browser, own):
        text = own.choice([b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", b"get / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.1\r\nHost: shop\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"])
        browser.socket.sendall(text)
        return {400, 505}, browser.answer()

    def bad_tls_client(self, own):
        """A client that speaks no TLS, or only a version that is too old, to the TLS port."""
        address = self.addresses.next()
        self.record.label(address, "bad_tls_client")
        with socket.socket() as client:
            client.settimeout(3)
            client.bind((address, 0))
            client.connect(("127.0.0.1", self.tls))
            if own.random() < 0.5:
                # A ClientHello of TLS 1.0 with one cipher.
                hello = b"\x03\x01" + own.randbytes(32) + b"\x00\x00\x02\x00\x2f\x01\x00"
                message = b"\x01" + len(hello).to_bytes(3, "big") + hello
                client.sendall(b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message)
            else:
                client.sendall(b"\x16\x03\x01\x00\x20" + own.randbytes(32))
            try:
                client.recv(100)
            except OSError:
                pass


def drive(site, seed, clean, mixed, each):
    """Returns where in the log the clean part begins and ends, and where the mixed part ends."""
    begin = site.settle()
    say("nginx: the clean part")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda index: site.normal(random.Random(f"{seed} normal {index}")), range(clean)))
    border = site.settle()
    say("nginx: faults")
    plan = [("normal", clean + index) for index in range(mixed)]
    plan += [(kind, index) for kind in KINDS if kind != "upstream_down" for index in range(each)]
    random.Random(f"{seed} plan").shuffle(plan)

    def act(item):
        own = random.Random(f"{seed} {item[0]} {item[1]}")
        site.normal(own) if item[0] == "normal" else site.fault(item[0], own)

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(act, plan))
    site.settle()
    # While the billing service is down nobody else asks for it.
    site.billing.socket.shutdown(socket.SHUT_RDWR)
    site.billing.socket.close()
    for index in range(each):
        own = random.Random(f"{seed} upstream_down {index}")
        site.down(own)
    return begin, border, site.settle()


def label_connections(site, data, begin, border):
    """Joins the log's connections with the record by the client's address."""
    address_of, file_of, lines = {}, {}, collections.Counter()
    offset = 0
    for line in data.splitlines(keepends=True):
        if offset >= begin and (match := CONNECTION.match(line)):
            session = "*" + match[1].decode()
            file_of.setdefault(session, "normal" if offset < border else "mixed")
            lines[session] += 1
            if found := ADDRESS.search(line):
                address_of.setdefault(session, (found[1] or found[2]).decode())
        offset += len(line)
    truth, left_out, seen = [], [], set()
    for session, file in file_of.items():
        address = address_of.get(session)
        kind = site.record.labels.get(address, INDIRECT)
        if kind == INDIRECT:
            left_out.append((session, site.record.notes.get(address, "no address in its lines")))
        elif address in seen:
            left_out.append((session, f"a further connection of the client of a {kind}"))
        else:
            seen.add(address)
            truth.append((session, kind, f"{file}.log.gz"))
    return truth, left_out


def make(out, seed, scale=1.0):
    """Writes the part's files."""
    with Scratch("www-data") as scratch:
        site = Site(scratch)
        begin, border, end = drive(site, seed, round(CLEAN * scale), round(MIXED * scale), max(2, round(EACH * scale)))
        data = site.log_path.read_bytes()[:end]
    truth, left_out = label_connections(site, data, begin, border)
    folder = pathlib.Path(out) / "nginx_requests"
    folder.mkdir(parents=True, exist_ok=True)
    write_gzip(folder / "normal.log.gz", [data[begin:border]])
    write_gzip(folder / "mixed.log.gz", [data[border:end]])
    write_truth(folder / "truth.csv", truth)
    write_left_out(folder / "left_out.csv", left_out)
    return truth
