"""Lines a second of the template miner beside drain3, on one log, in one run; prints the table of docs/performance.md.

    BIRCHLOG_DATA=DATA python benchmarks/templates/speed.py [millions of lines: 2] [also memory: millions, 20]

DATA/hdfs/raw_20000.log is repeated; the digits of its block ids, addresses, sizes and times are renamed by another permutation at each
repetition, and again where a line stands more than once in the log, so that a cache of whole lines would hardly ever hit: its rate is
printed. Headers: first none on both sides (both get contents), then Birchlog recognises them and drain3 gets what a regular expression
for this very log leaves. drain3 has its defaults and no masks. Needs the binding and drain3.
"""

import itertools
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

import drain3
from birchlog import Miner
from drain3.template_miner_config import TemplateMinerConfig

HEADER = re.compile(rb"\d{6} \d{6} \d+ \w+ [\w.$]+: ")
PEER_LINES = 400_000


def repetitions(lines, count):
    """Headers and contents of `count` lines, whose digits differ at each repetition."""
    generator, occurrences, parts = random.Random(1), {}, []
    for line in lines:
        end = HEADER.match(line).end()
        occurrences[line[end:]] = occurrences.get(line[end:], -1) + 1
        parts.append((line[:end], line[end:], occurrences[line[end:]]))
    written = repetition = 0
    while written < count:
        tables = []
        for _ in range(1 + max(occurrences.values())):
            digits = list(b"0123456789")
            generator.shuffle(digits)
            tables.append(bytes.maketrans(b"0123456789", bytes(digits)))
        day = b"%02d%02d%02d" % (8 + repetition // 336, 1 + repetition // 28 % 12, 1 + repetition % 28)
        for head, content, occurrence in parts[: count - written]:
            yield day + head[6:], content.translate(tables[occurrence])
            written += 1
        repetition += 1


def repeat(lines, count, path, contents):
    """Writes `count` lines, and returns the share of them that a cache of whole contents would know."""
    seen, hits = set(), 0
    with open(path, "wb") as file, open(contents, "wb") as bare:
        for head, content in repetitions(lines, count):
            hits += hash(content) in seen
            seen.add(hash(content))
            file.write(head + content + b"\n")
            bare.write(content + b"\n")
    return hits / count


def own(path, threads, **options):
    """Seconds and templates."""
    with Miner(threads=threads, **options) as miner:
        start = time.perf_counter()
        miner.learn_file(path)
        miner.finish()
        return time.perf_counter() - start, miner.statistics()["templates"]


def peer(path, cut):
    """Seconds for as many lines as PEER_LINES, and templates."""
    miner = drain3.TemplateMiner(config=TemplateMinerConfig())
    start, count = time.perf_counter(), 0
    with open(path, "rb") as file:
        for line in file:
            text = line.rstrip(b"\n")
            if cut:
                text = text[HEADER.match(text).end() :]
            miner.add_log_message(text.decode("utf-8", "replace"))
            count += 1
            if count == PEER_LINES:
                break
    return (time.perf_counter() - start) / count, len(miner.drain.clusters)


def words(count, generator):
    return ["".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(count)]


def synthetic(path, templates, lines):
    """Lines of so many templates, which have three words of their own each."""
    generator = random.Random(templates)
    forms = [
        "{} started the {} of unit %d after {} with %d tries\n".format(*words(3, generator)) for _ in range(templates)
    ]
    with open(path, "w", encoding="ascii") as file:
        for index in range(lines):
            file.write(forms[index % templates] % (generator.randrange(10**6), index))


def resident():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS:"))


def main():
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 2
    lines = pathlib.Path(os.environ["BIRCHLOG_DATA"], "hdfs", "raw_20000.log").read_bytes().splitlines()
    count = int(millions * 1e6)
    with tempfile.TemporaryDirectory() as folder:
        raw, contents, other = (os.path.join(folder, name) for name in ("raw.log", "contents.log", "other.log"))
        rate = repeat(lines, count, raw, contents)
        print(f"{count:,} lines, {os.path.getsize(raw) / 1e6:.0f} MB; a cache of whole contents knows {rate:.2%} of the lines\n")
        print("| lines | side | lines/s | times drain3 | templates |\n| --- | --- | ---: | ---: | ---: |")
        for name, path, options, cut in (
            ("contents", contents, {"header": "none", "format": "text"}, False), ("raw", raw, {}, True)
        ):
            each, found = peer(path, cut)
            print(f"| {name} | drain3 | {1 / each:,.0f} | 1.0 | {found} |")
            for threads in (1, 2):
                runs = sorted(own(path, threads, **options) for _ in range(3))
                seconds, found = runs[1]
                ratio = each * count / seconds
                print(
                    f"| {name} | Birchlog, {threads} thread{'s' * (threads > 1)} | {count / seconds:,.0f} | {ratio:.1f} | {found} |",
                    flush=True,
                )
                if name == "raw":
                    floor = os.path.getsize(raw) / seconds / 1e6
        start = time.perf_counter()
        subprocess.run(["wc", "-l", raw], check=True, stdout=subprocess.DEVNULL)
        floor_rate = os.path.getsize(raw) / (time.perf_counter() - start) / 1e6
        print(f"\nraw, two threads: {floor:,.0f} MB/s; wc -l of the same file: {floor_rate:,.0f} MB/s")

        print("\n| distinct templates | ns a line, one thread |\n| ---: | ---: |")
        for templates in (10, 1_000, 50_000):
            synthetic(other, templates, 1_000_000)
            seconds, found = sorted(own(other, 1, header="none", format="text") for _ in range(3))[1]
            print(f"| {found:,} | {seconds * 1e3:.0f} |", flush=True)

        if len(sys.argv) > 2:
            total = int(float(sys.argv[2]) * 1e6)
            with Miner(threads=2, header="none", format="text") as miner:
                before = first = resident()
                stream = repetitions(lines, total)
                for step in range(0, total, count):
                    with open(other, "wb") as file:
                        file.writelines(content + b"\n" for _, content in itertools.islice(stream, count))
                    miner.learn_file(other)
                    if step == 0:
                        first = resident()
                print(f"\nmemory: {before:.0f} MB at the start, {first:.0f} MB after {millions:g} million lines, "
                      f"{resident():.0f} MB after {sys.argv[2]} million, renamed throughout")


if __name__ == "__main__":
    main()
