#!/usr/bin/env python3
"""Records the system calls of real programs, at normal work and in six harmless imitations of intrusions, one trace a session, to judge a
setting on long sessions of few types of event.

    python3 scripts/record_traces.py --out traces [--scale 1.0] [--seed 1]

Needs strace and Python; other programs are used where they are installed. Everything happens in a temporary folder and on the loopback
interface. Traces differ from machine to machine and from run to run. The normal ones are dealt out at random to train_normal.seq and
test_normal.seq; mixed.seq holds the imitations, truth.csv (id,kind) is for scoring only.
"""

from __future__ import annotations
import argparse
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

PY = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable

SERVER = textwrap.dedent("""
    import os, socket, sys, hashlib, subprocess, threading, time, random
    plan = sys.argv[1].split(','); root = sys.argv[2]
    server = socket.socket(); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); server.bind(('127.0.0.1', 0)); server.listen(8)
    port = server.getsockname()[1]
    pid = os.fork()
    if pid == 0:
        # The client is not part of the story: it is slow and plain.
        for request in plan:
            c = socket.create_connection(('127.0.0.1', port)); c.sendall(request.encode() + b'\\n'); c.recv(65536); c.close()
        os._exit(0)
    for request in plan:
        c, _ = server.accept(); line = c.recv(4096).decode().strip(); verb, _, rest = line.partition(' ')
        log = open(root + '/access.log', 'a'); log.write(line + '\\n'); log.close()
        if verb == 'login':
            user, _, word = rest.partition(':')
            good = any(l.split(':')[0] == user and l.split(':')[1] == hashlib.sha256(word.encode()).hexdigest()[:8] for l in open(root + '/users'))
            if not good: time.sleep(0.001)
            c.sendall(b'ok' if good else b'no')
        elif verb == 'get':
            path = root + '/' + rest
            c.sendall(open(path, 'rb').read()[:30000] or b'-') if os.path.isfile(path) else c.sendall(b'404')
        elif verb == 'list': c.sendall((' '.join(os.listdir(root)) or '-').encode()[:30000])
        elif verb == 'put':
            open(root + '/up_' + str(random.randrange(9)), 'w').write(rest * 50); c.sendall(b'ok')
        elif verb == 'sh':
            c.sendall(subprocess.run(rest, shell=True, capture_output=True).stdout[:30000] or b'-')
        c.close()
    os.waitpid(pid, 0)
""")


class World:
    def __init__(self, root, g):
        self.root, self.g = root, g
        self.docs = root / "docs"
        self.docs.mkdir()
        (root / "tmp").mkdir()
        (root / "server.py").write_text(SERVER)
        words = [f"word{g.randrange(3000)}" for _ in range(4000)]
        for n in range(60):
            folder = self.docs / f"d{n % 7}"
            folder.mkdir(exist_ok=True)
            (folder / f"f{n}.{g.choice(['txt', 'csv', 'log'])}").write_text("\n".join(" ".join(g.choices(words, k=g.randint(3, 12))) for _ in range(g.randint(5, 800))))
        (self.docs / "users").write_text("\n".join(f"u{n}:{g.randrange(16**8):08x}" for n in range(40)))
        (root / "passwd").write_text("\n".join(f"user{n}:x:{n}:{n}::/home/{n}:/bin/sh" for n in range(60)) + "\n")
        subprocess.run(f"cd {root} && sqlite3 base.db 'create table t(a,b); insert into t select value, random() from generate_series(1,500)'", shell=True, capture_output=True)
        subprocess.run(f"cd {self.docs} && git init -q . && git -c user.name=a -c user.email=a@b add -A && git -c user.name=a -c user.email=a@b commit -qm one", shell=True, capture_output=True)

    def file(self): return str(self.g.choice([p for p in self.docs.rglob("f*.*") if ".git" not in str(p)]))
    def folder(self): return str(self.docs / f"d{self.g.randrange(7)}")
    def temp(self): return str(self.root / "tmp" / f"t{self.g.randrange(10**9)}")

    def server(self, plan): return [PY, "-S", str(self.root / "server.py"), ",".join(plan), str(self.docs)]

    def requests(self, low, high):
        g = self.g
        return [g.choices([f"get d{g.randrange(7)}/{g.choice(os.listdir(self.folder()))}", "list", f"put {g.randrange(99)}", f"login u{g.randrange(40)}:w{g.randrange(99)}"], [6, 2, 1, 1])[0] for _ in range(g.randint(low, high))]

    def normal(self):
        g, f, d, t = self.g, self.file, self.folder, self.temp
        sh = lambda text: ["sh", "-c", text]
        py = lambda text: [PY, "-S", "-c", textwrap.dedent(text)]
        choices = [
            (4, lambda: ["ls", *g.sample(["-l", "-a", "-R", "-t", "-S", "-i"], g.randint(0, 3)), g.choice([d(), str(self.docs), "/etc", "/usr/bin"])]),
            (3, lambda: ["cp", *g.choice([["-r", d()], [f()], ["-a", d()]]), t()]),
            (3, lambda: ["tar", g.choice(["cf", "czf"]), t(), *[d() for _ in range(g.randint(1, 4))]]),
            (2, lambda: sh(f"cat {f()} {f()} | sort | uniq -c | head -{g.randint(1, 50)}")),
            (3, lambda: ["grep", *g.sample(["-r", "-n", "-c", "-i"], g.randint(1, 3)), f"word{g.randrange(3000)}", d(), d()]),
            (2, lambda: ["find", d(), str(self.docs), "-name", f"*{g.randrange(9)}*"]),
            (2, lambda: ["gzip", "-kc" if g.random() < .5 else "-9c", f()]),
            (2, lambda: ["git", "-C", str(self.docs), *g.choice([["log"], ["status"], ["diff"], ["ls-files"], ["show", "--stat"]])]),
            (2, lambda: ["sqlite3", str(self.root / "base.db"), g.choice([f"select count(*) from t where a>{g.randrange(500)}", f"insert into t values({g.randrange(99)},1)", "select a from t order by b limit 20", f"update t set b=1 where a={g.randrange(500)}"])]),
            (2, lambda: py(f"import json,csv,collections; c=collections.Counter(w for l in open({f()!r}) for w in l.split()); open({t()!r},'w').write(json.dumps(c))")),
            (2, lambda: py(f"import os,shutil\nfor r,ds,fs in os.walk({d()!r}):\n  for n in fs[:{g.randint(1, 9)}]: shutil.copy(os.path.join(r,n),{t()!r})")),
            (2, lambda: py(f"import threading,time\ndef w(n):\n  for i in range(n): open({f()!r}).read(100); time.sleep(0.0005)\nts=[threading.Thread(target=w,args=({g.randint(2, 20)},)) for _ in range({g.randint(2, 5)})]\n[t.start() for t in ts]; [t.join() for t in ts]")),
            (1, lambda: py(f"import subprocess; [subprocess.run(['wc','-l',p]) for p in {[f() for _ in range(g.randint(1, 5))]!r}]")),
            (2, lambda: sh(f"for i in $(seq {g.randint(1, 6)}); do wc -c {f()}; done; date; id")),
            (2, lambda: ["sed", "-i", f"s/word{g.randrange(3000)}/x/", f()]),
            (1, lambda: sh(f"cp {f()} {t()}.c; echo 'int main(){{return {g.randrange(9)};}}' > {t()}.c; ls {self.root}/tmp | tail -3")),
            (2, lambda: ["openssl", "dgst", g.choice(["-sha256", "-md5", "-sha1"]), f(), f()]),
            (1, lambda: ["diff", "-r", d(), d()]),
            (1, lambda: ["dpkg", "-l"] if shutil.which("dpkg") and g.random() < .3 else ["du", "-a", d()]),
            (1, lambda: ["apt-cache", "policy", g.choice(["bash", "tar", "gcc"])] if g.random() < .3 else ["md5sum", f(), f()]),
            (1, lambda: ["rsync", "-a", d(), t()] if shutil.which("rsync") else ["mv", "-v", self.copy(), t()]),
            (1, lambda: ["perl", "-ne", "print if /word1/", f(), f()]),
            (1, lambda: ["awk", "{s+=NF} END{print s}", f(), f(), f()]),
            (7, lambda: self.server(self.requests(2, 25))),
        ]
        return g.choices([c for _, c in choices], [w for w, _ in choices])[0]()

    def copy(self):
        target = self.temp()
        shutil.copy(self.file(), target)
        return target

    def guessing(self):
        g = self.g
        plan = []
        for _ in range(g.randint(1, 3)):
            plan += [f"login u{g.randrange(40)}:guess{g.randrange(9999)}" for _ in range(g.randint(8, 30))] + self.requests(0, 3)
        return self.server(plan)

    def user_added(self):
        g, p, t = self.g, self.root / "passwd", self.temp()
        name = f"new{g.randrange(999)}"
        if g.random() < .5:
            return ["sh", "-c", f"cp {p} {t}; grep -q {name} {t} || echo '{name}:x:0:0::/root:/bin/sh' >> {t}; chmod 600 {t}; chown 0:0 {t}; mkdir {t}.home; cp -r /etc/skel {t}.home; chmod 700 {t}.home; mv {t} {t}.new; sync -f {t}.new; id"]
        return [PY, "-S", "-c", f"import os,fcntl\nfor k in range({g.randint(1, 4)}):\n  t={t!r}+str(k); l=os.open(t+'.lock',os.O_CREAT|os.O_RDWR); fcntl.lockf(l,fcntl.LOCK_EX)\n  s=open({str(p)!r}).read(); f=open(t,'w'); os.fchmod(f.fileno(),0o600); f.write(s+'{name}:x:0:0\\n'); f.flush(); os.fsync(f.fileno()); f.close(); os.rename(t,t+'.new'); os.mkdir(t+'.home',0o700); os.chown(t+'.home',0,0); os.unlink(t+'.lock')"]

    def reverse_shell(self):
        g = self.g
        commands = "; ".join(g.choices(["id", "ls /etc", "cat /proc/version", "ps", "uname -a", f"cat {self.file()}", "pwd", "hostname", "cat /etc/hosts"], k=g.randint(2, 8)))
        return [PY, "-S", "-c", f"import socket,os\ns=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(1)\np=os.fork()\nif p==0:\n  c=socket.create_connection(s.getsockname()); [os.dup2(c.fileno(),i) for i in (0,1,2)]; os.execv('/bin/sh',['sh'])\na,_=s.accept(); a.sendall({commands!r}.encode()+b'; exit\\n')\nwhile a.recv(4096): pass\nos.waitpid(p,0)"]

    def web_shell(self):
        g = self.g
        plan = self.requests(1, 8)
        for _ in range(g.randint(1, 5)):
            plan.insert(g.randrange(len(plan) + 1), "sh " + g.choice(["id", "ls -l /etc", "cat /etc/passwd", "uname -a", "ps ax", "find /etc -name p*"]))
        return self.server(plan)

    def port_scan(self):
        g = self.g
        low = g.randrange(20000, 60000)
        n = g.randint(30, 300)
        if g.random() < .5:
            return ["bash", "-c", f"for p in $(seq {low} {low + n // 4}); do (echo > /dev/tcp/127.0.0.1/$p) 2>/dev/null && echo $p; done"]
        return [PY, "-S", "-c", f"import socket\nfor p in range({low},{low + n}):\n  s=socket.socket(); s.settimeout(0.2); s.connect_ex(('127.0.0.1',p)); s.close()"]

    def encryption(self):
        g = self.g
        copies = [self.copy() for _ in range(g.randint(2, 12))]
        if g.random() < .4:
            return ["sh", "-c", f"for f in {' '.join(copies[:5])}; do openssl enc -aes-256-cbc -md sha256 -k x -in $f -out $f.enc 2>/dev/null; rm $f; done"]
        return [PY, "-S", "-c", f"import os\nfor f in {copies!r}:\n  h=open(f,'r+b')\n  while True:\n    at=h.tell(); b=h.read({g.choice([1024, 4096])})\n    if not b: break\n    h.seek(at); h.write(bytes(x^7 for x in b)); h.flush()\n  h.close(); os.rename(f,f+'.locked')"]


def trace(command, path, numbers, limit=4000):
    subprocess.run(["strace", "-f", "-qq", "-o", path, *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    events = []
    for line in open(path, errors="replace"):
        m = re.match(r"\d+\s+([a-z_0-9]+)\(", line)
        if m:
            events.append(numbers.setdefault(m[1], len(numbers) + 1))
    return events[:limit]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    g = random.Random(options.seed)
    numbers, truth = {}, ["id,kind"]
    with tempfile.TemporaryDirectory() as root:
        world = World(pathlib.Path(root), g)

        def part(name: str, count: int, maker, kind: str) -> list[str]:
            lines: list[str] = []
            while len(lines) < count * options.scale:
                events = trace(maker(), f"{root}/trace", numbers)
                if len(events) < 40:
                    continue
                identifier = f"{name}{len(lines)}"
                truth.append(f"{identifier},{kind}")
                lines.append(f"{identifier},{' '.join(map(str, events))}\n")
            return lines
        # Dealt out at random: what is recorded later differs a little, for files change and folders grow.
        normal = part("normal", 1000, world.normal, "normal")
        g.shuffle(normal)
        train, test = normal[: len(normal) // 2], normal[len(normal) // 2 :]
        mixed = []
        for kind, count in [("guessing", 90), ("user_added", 50), ("reverse_shell", 60), ("web_shell", 70), ("port_scan", 50), ("encryption", 60)]:
            mixed += part(kind, count, getattr(world, kind), kind)
    g.shuffle(mixed)
    for name, lines in (("train_normal", train), ("test_normal", test), ("mixed", mixed)):
        (options.out / f"{name}.seq").write_text("".join(lines))
    (options.out / "truth.csv").write_text("\n".join(truth) + "\n")
    (options.out / "templates.csv").write_text("id,template\n" + "".join(f"{n},{name}\n" for name, n in numbers.items()))


if __name__ == "__main__":
    main()
