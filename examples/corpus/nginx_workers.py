"""nginx as a whole: windows of ten seconds over the logs of many instances, for faults that no single request owns."""

import os
import pathlib
import signal
import socket
import threading
import time

import windows
from records import say
from servers import Scratch, free_port, wait_for_port

INSTANCES, CLEAN, MIXED, EACH, GAP = 48, 26, 30, 44, 5
KINDS = ["worker_killed", "reload_failed", "port_taken", "connections_exhausted"]
CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
worker_processes 2;
error_log stderr notice;
events {{ worker_connections 16; }}
http {{
  log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
  access_log /dev/stdout main;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/html;
    location /api/ {{ return 200 '{{}}'; }}
    location /old/ {{ return 301 /index.html; }}
  }}
  {more}
}}
"""
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "curl/7.88.1", "kube-probe/1.29", "python-requests/2.32"]


class Instance:
    """A master with two workers."""

    def __init__(self, name, scratch, collector):
        self.name, self.scratch = name, scratch
        self.lock = threading.RLock()
        self.port, self.taken = free_port(), socket.socket()
        self.folder = scratch.folder(name)
        html = scratch.folder(f"{name}/html")
        (html / "index.html").write_text("<h1>hello</h1>\n")
        (html / "logo.svg").write_text("<svg/>\n")
        self.taken.bind(("127.0.0.1", 0))
        self.taken.listen()
        self.configure()
        pipe = collector.pipe(name, scratch.account.pw_uid)
        command = ["/usr/sbin/nginx", "-e", "stderr", "-p", self.folder, "-c", self.folder / "nginx.conf"]
        self.master = scratch.start(command, stdout=pipe, stderr=pipe)
        wait_for_port(self.port)

    def configure(self, more=""):
        text = CONFIGURATION.format(folder=self.folder, port=self.port, more=more)
        (self.folder / "nginx.conf").write_text(text)

    def workers(self):
        return [int(text) for text in pathlib.Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()]

    # What happens when all is well

    def normal(self, random):
        """The actions of one window; at least one leaves a line."""
        actions = [lambda r=random.random(), a=random.choice(AGENTS): self.request(r, a) for _ in range(random.choices([1, 2, 3, 5, 8], [3, 4, 4, 2, 1])[0])]
        rare = [(0.06, self.reload), (0.05, self.reopen)]
        return actions + [action for share, action in rare if random.random() < share]

    def request(self, choice, agent):
        if choice < 0.3:
            self.send("GET", "/index.html", agent)
        elif choice < 0.55:
            self.send("GET", f"/api/items/{int(choice * 10000)}", agent)
        elif choice < 0.7:
            self.send("POST", "/api/orders", agent)
        elif choice < 0.85:
            self.send("GET", "/logo.svg", agent)
        elif choice < 0.93:
            self.send("GET", "/old/page", agent)
        else:
            # A file that is not there: an [error] line, and nothing to worry about.
            self.send("GET", "/favicon.ico", agent)

    def send(self, method, path, agent):
        with socket.create_connection(("127.0.0.1", self.port), timeout=3) as client:
            client.sendall(f"{method} {path} HTTP/1.1\r\nHost: shop\r\nUser-Agent: {agent}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            while client.recv(4096):
                pass

    def reload(self):
        """A new configuration, which differs in a comment."""
        self.configure(f"# {time.time()}")
        self.master.send_signal(signal.SIGHUP)
        time.sleep(0.4)

    def reopen(self):
        """What logrotate asks for."""
        self.master.send_signal(signal.SIGUSR1)
        time.sleep(0.1)

    # Faults

    def fault(self, kind, random):
        getattr(self, kind)(random)

    def worker_killed(self, random):
        """The kernel kills a worker, as it does when memory runs out."""
        os.kill(random.choice(self.workers()), signal.SIGKILL)
        time.sleep(0.3)

    def reload_failed(self, random):
        """A reload with a configuration that cannot be."""
        word = random.choice(["proxy_passs http://127.0.0.1:1;", "server { listen nowhere:1x; }", "upstream empty { }"])
        self.configure(word)
        self.master.send_signal(signal.SIGHUP)
        time.sleep(0.4)
        self.configure()

    def port_taken(self, _):
        """A reload wants a port that another process has; nginx tries five times in two and a half seconds."""
        self.configure(f"server {{ listen 127.0.0.1:{self.taken.getsockname()[1]}; }}")
        self.master.send_signal(signal.SIGHUP)
        time.sleep(3)
        self.configure()

    def connections_exhausted(self, random):
        """More clients at once than the workers have connections for."""
        clients = []
        for _ in range(random.randint(50, 70)):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.port))
            clients.append(client)
        time.sleep(0.5)
        for client in clients:
            client.close()
        time.sleep(0.5)


def make(out, seed, scale=1.0):
    """Writes the part's files; see windows.py."""
    instances = max(8, round(INSTANCES * scale))
    with Scratch("www-data") as scratch:
        collector = windows.Collector(scratch.path / "nginx.log")
        fleet = [Instance(f"nginx-{number:02d}", scratch, collector) for number in range(1, instances + 1)]
        clean, mixed, each = (CLEAN, MIXED, EACH) if scale == 1 else (2, 10, 2)
        plan = windows.Plan([instance.name for instance in fleet], KINDS, each, clean, mixed, GAP, seed)
        say(f"nginx: {instances} instances, {clean + mixed} windows of ten seconds")
        run = windows.Fleet(fleet, plan, seed)
        first = run.run()
        collector.close()
        return windows.write(pathlib.Path(out) / "nginx_workers", scratch.path / "nginx.log", run, first)
