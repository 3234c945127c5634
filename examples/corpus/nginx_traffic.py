"""What stands on both sides of the proxy: the application behind it and the browsers before it."""

import random
import re
import socket
import ssl
import threading
import time

from servers import free_port

AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "curl/7.88.1", "okhttp/4.12.0", "python-requests/2.32"]


class Backend:
    """The application behind the proxy. It can be slow, hang up in the midst of an answer, and (`up` false) be down."""

    def __init__(self):
        self.port, self.socket = free_port(), None
        self.up()

    def up(self):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", self.port))
        self.socket.listen(128)
        threading.Thread(target=self.accept, args=(self.socket,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client:
            client.settimeout(5)
            head, _, body = self.head(client)
            path = head.split(b" ")[1]
            length = re.search(rb"(?i)content-length: (\d+)", head)
            missing = int(length[1]) - len(body) if length else 0
            while missing > 0:
                piece = client.recv(65536)
                if not piece:
                    return
                missing -= len(piece)
            if b"slow=1" in path:
                time.sleep(1.2)
            if b"reset=1" in path:
                return
            size = 60000 if b"/export" in path else 300
            client.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)

    def head(self, client):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = client.recv(65536)
            if not piece:
                break
            data += piece
        return data.partition(b"\r\n\r\n")


class Browser:
    """A client with one connection, from an address of its own."""

    def __init__(self, site, kind, tls=None, note=""):
        self.address = site.addresses.next()
        site.record.label(self.address, kind, note)
        self.random = random.Random(self.address)
        tls = self.random.random() < 0.3 if tls is None else tls
        self.agent = self.random.choice(AGENTS)
        self.socket = socket.socket()
        self.socket.settimeout(8)
        self.socket.bind((self.address, 0))
        self.socket.connect(("127.0.0.1", site.tls if tls else site.port))
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)

    def request(self, method, path, body=b"", more=""):
        """Sends a request, reads the whole answer and gives its status; 0 when the server hangs up first."""
        head = f"{method} {path} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: {self.agent}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        try:
            self.socket.sendall(head.encode() + body)
            return self.answer(method)
        except (ConnectionError, TimeoutError):
            return 0

    def answer(self, method="GET"):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.socket.recv(65536)
            if not piece:
                return 0
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        length = re.search(rb"(?i)content-length: (\d+)", head)
        missing = 0 if method == "HEAD" or status == 304 or not length else int(length[1]) - len(body)
        while missing > 0:
            piece = self.socket.recv(65536)
            if not piece:
                return 0
            missing -= len(piece)
        return status

    def visit(self, random):
        """One thing that visitors do, without a fault."""
        choice = random.random()
        if choice < 0.25:
            self.request("GET", "/index.html")
            self.request("GET", "/logo.svg")
        elif choice < 0.5:
            for _ in range(random.randint(1, 4)):
                self.request("GET", f"/api/products/{random.randint(1, 500)}")
        elif choice < 0.6:
            self.request("POST", "/api/orders", b"x" * random.choice([200, 900, 12000]))
        elif choice < 0.7:
            self.request("POST", "/login", b"password=1", f"Cookie: account={self.address}\r\n")
        elif choice < 0.78:
            self.request("GET", "/billing/invoices")
        elif choice < 0.85:
            self.request("GET", "/old/about.html")
        elif choice < 0.9:
            self.request("GET", "/api/export")
        elif choice < 0.95:
            self.request("GET", "/favicon.ico")
        else:
            self.request("HEAD", "/index.html")

    def close(self):
        self.socket.close()
