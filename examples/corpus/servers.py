"""Installs and starts the servers: on loopback, in a scratch folder, as users without rights, and never longer than the script."""

import concurrent.futures
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PACKAGES = {"postgresql": ["postgresql"], "nginx_requests": ["nginx-light", "openssl"], "nginx_workers": ["nginx-light"], "redis": ["redis-server"]}


def install(parts):
    """Installs what is missing from Debian."""
    if os.geteuid() != 0:
        sys.exit("Run this as root, best in a container: it starts servers as other users and mounts a small tmpfs.")
    wanted = [package for part in parts for package in PACKAGES[part]]
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}"]
    missing = [name for name in wanted if subprocess.run([*query, name], capture_output=True, text=True).stdout != "installed"]
    if missing:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=True, env=environment)


def die_with_parent():
    """Runs in the child: it gets SIGTERM when the thread that started it ends, so with the script, however that happens."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Scratch:
    """A folder that belongs to `user`, and everything started or mounted in it; all is gone at the end of the `with`."""

    def __init__(self, user):
        self.account = pwd.getpwnam(user)
        self.processes, self.mounts = [], []
        # One thread starts everything and outlives it.
        self.starter = concurrent.futures.ThreadPoolExecutor(1)

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="corpus-"))
        self.own(self.path)
        return self

    def own(self, path):
        os.chown(path, self.account.pw_uid, self.account.pw_gid)
        return path

    def folder(self, name):
        path = self.path / name
        path.mkdir(parents=True)
        return self.own(path)

    def tmpfs(self, name, megabytes):
        """A file system of its own that is soon full."""
        path = self.folder(name)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", path], check=True)
        self.mounts.append(path)
        return self.own(path)

    def run(self, command, **more):
        """Runs a command as the scratch folder's user, to its end."""
        return subprocess.run(command, check=True, cwd=self.path, **self.identity(), **more)

    def start(self, command, **more):
        """Starts a server as the scratch folder's user."""
        job = self.starter.submit(subprocess.Popen, command, cwd=self.path, preexec_fn=die_with_parent, **self.identity(), **more)
        process = job.result()
        self.processes.append(process)
        return process

    def identity(self):
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for path in self.mounts:
            subprocess.run(["umount", path], check=False)
        shutil.rmtree(self.path, ignore_errors=True)


def free_port():
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, seconds=30):
    """Returns once a server accepts connections."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
