"""A PostgreSQL client of a few pages: protocol 3.0 over TCP, from an address of the caller's choice, and able to misbehave."""

import base64
import hashlib
import hmac
import os
import socket
import struct


class ServerError(Exception):
    """An ERROR or FATAL that the server sent."""

    def __init__(self, fields):
        super().__init__(fields.get("M", "unknown error"))
        self.state = fields.get("C", "")


class ConnectionLost(Exception):
    """The server hung up."""


class Client:
    """One session. `address` is the loopback address the connection comes from."""

    def __init__(self, port, address, user, password, database, timeout=20):
        self.process = 0
        self.buffer = b""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        try:
            self.socket.bind((address, 0))
            self.socket.connect(("127.0.0.1", port))
            self.start(user, password, database)
        except OSError as error:
            self.socket.close()
            raise ConnectionLost(str(error)) from error
        except BaseException:
            self.socket.close()
            raise

    # Messages

    def send(self, kind, body=b""):
        try:
            self.socket.sendall(kind + struct.pack("!I", len(body) + 4) + body)
        except OSError as error:
            raise ConnectionLost(str(error)) from error

    def receive(self):
        header = self.read(5)
        length = struct.unpack("!I", header[1:])[0] - 4
        return header[:1], self.read(length)

    def read(self, count):
        while len(self.buffer) < count:
            try:
                piece = self.socket.recv(65536)
            except ConnectionError as error:
                raise ConnectionLost(str(error)) from error
            if not piece:
                raise ConnectionLost("end of stream")
            self.buffer += piece
        result, self.buffer = self.buffer[:count], self.buffer[count:]
        return result

    # Start

    def start(self, user, password, database):
        words = ["user", user, "database", database, "application_name", user]
        body = struct.pack("!I", 196608) + b"".join(word.encode() + b"\0" for word in words) + b"\0"
        self.socket.sendall(struct.pack("!I", len(body) + 4) + body)
        while True:
            kind, body = self.receive()
            if kind == b"E":
                raise ServerError(fields_of(body))
            if kind == b"R":
                self.authenticate(struct.unpack("!I", body[:4])[0], body[4:], password)
            elif kind == b"K":
                self.process = struct.unpack("!I", body[:4])[0]
            elif kind == b"Z":
                return

    def authenticate(self, method, data, password):
        """SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's default."""
        if method == 10:
            nonce = base64.b64encode(os.urandom(18)).decode()
            self.bare = f"n=,r={nonce}"
            first = ("n,," + self.bare).encode()
            self.send(b"p", b"SCRAM-SHA-256\0" + struct.pack("!I", len(first)) + first)
        elif method == 11:
            server = data.decode()
            values = dict(item.split("=", 1) for item in server.split(","))
            salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(values["s"]), int(values["i"]))
            key = hmac.digest(salted, b"Client Key", "sha256")
            final = "c=biws,r=" + values["r"]
            message = ",".join([self.bare, server, final]).encode()
            signature = hmac.digest(hashlib.sha256(key).digest(), message, "sha256")
            proof = bytes(a ^ b for a, b in zip(key, signature))
            self.send(b"p", f"{final},p={base64.b64encode(proof).decode()}".encode())

    # Queries

    def query(self, sql):
        """Runs a simple query and gives its rows as lists of text; raises ServerError once the server is ready again."""
        self.send(b"Q", sql.encode() + b"\0")
        return self.answer()

    def execute(self, sql, *values):
        """Runs a statement through the extended protocol."""
        self.send(b"P", b"\0" + sql.encode() + b"\0" + struct.pack("!H", 0))
        bound = b"".join(struct.pack("!I", len(text)) + text for text in (str(value).encode() for value in values))
        self.send(b"B", b"\0\0" + struct.pack("!HH", 0, len(values)) + bound + struct.pack("!H", 0))
        self.send(b"E", b"\0" + struct.pack("!I", 0))
        self.send(b"S")
        return self.answer()

    def copy_in(self, sql, lines):
        """COPY ... FROM STDIN."""
        self.send(b"Q", sql.encode() + b"\0")
        return self.answer(lines)

    def answer(self, lines=()):
        rows, failure = [], None
        while True:
            try:
                kind, body = self.receive()
            except ConnectionLost:
                if failure:
                    raise failure
                raise
            if kind == b"D":
                rows.append(row_of(body))
            elif kind == b"G":
                for line in lines:
                    self.send(b"d", line.encode() + b"\n")
                self.send(b"c")
            elif kind == b"E":
                failure = ServerError(fields_of(body))
            elif kind == b"Z":
                if failure:
                    raise failure
                return rows

    # Ends

    def close(self):
        """Says goodbye."""
        try:
            self.send(b"X")
        except ConnectionLost:
            pass
        self.socket.close()

    def vanish(self, reset):
        """Goes without a word; `reset` sends RST, as a machine that lost its state would."""
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def wait_for_end(self):
        """Waits until the server hangs up, and gives the error it sent before, if any."""
        failure = None
        try:
            while True:
                kind, body = self.receive()
                if kind == b"E":
                    failure = ServerError(fields_of(body))
        except (ConnectionLost, TimeoutError):
            self.socket.close()
            return failure


def fields_of(body):
    return {item[:1].decode(): item[1:].decode(errors="replace") for item in body.split(b"\0") if item}


def row_of(body):
    count, at, row = struct.unpack("!H", body[:2])[0], 2, []
    for _ in range(count):
        length = struct.unpack("!i", body[at : at + 4])[0]
        at += 4
        row.append(None if length < 0 else body[at : at + length].decode(errors="replace"))
        at += max(length, 0)
    return row
