"""How well templates agree with those that experts marked, on the LogHub samples of 2,000 lines, beside drain3 with its defaults.

    BIRCHLOG_DATA=DATA python benchmarks/templates/accuracy.py

One default configuration for every log. DATA/loghub2k holds LogPAI's NAME_2k.log and NAME_2k.log_structured.csv. Needs the binding and
drain3. GA: share of lines whose group holds exactly the lines of their true group. FGA: F1 over groups. PA: share of lines whose template is
the true one, character by character but for runs of blanks.
"""

import csv
import os
import pathlib
import tempfile

import drain3
from birchlog import Miner
from drain3.template_miner_config import TemplateMinerConfig

SYSTEMS = ("Apache", "BGL", "Hadoop", "HDFS", "Linux", "OpenStack", "Spark", "Zookeeper")
# Published for these eight with defaults, contents only (arXiv 2508.09366 run by others; not run here).
PIPLUP = (0.944, 0.913)


def birchlog(path, **options):
    """Final events and templates of a file's lines."""
    with Miner(**options) as miner:
        miner.learn_file(path)
        miner.finish()
        return [(line["event"], line["template"]) for line in miner.parse_file(path)]


def peer(lines):
    """The same by drain3."""
    miner = drain3.TemplateMiner(config=TemplateMinerConfig())
    clusters = [miner.add_log_message(line)["cluster_id"] for line in lines]
    templates = {cluster.cluster_id: cluster.get_template() for cluster in miner.drain.clusters}
    return [(cluster, templates[cluster]) for cluster in clusters]


def groups(events):
    lines = {}
    for line, event in enumerate(events):
        lines.setdefault(event, []).append(line)
    return {tuple(group) for group in lines.values()}


def scores(predicted, truth):
    """GA, FGA and PA."""
    found, true = groups(event for event, _ in predicted), groups(event for event, _ in truth)
    right = found & true
    accuracy = sum(map(len, right)) / len(truth)
    f1 = 2 * len(right) / (len(found) + len(true))
    equal = sum(" ".join(a.split()) == " ".join(b.split()) for (_, a), (_, b) in zip(predicted, truth))
    return accuracy, f1, equal / len(truth)


def main():
    data = pathlib.Path(os.environ["BIRCHLOG_DATA"], "loghub2k")
    print("| log | | Birchlog GA | FGA | PA | drain3 GA | FGA | PA |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for what in ("contents", "raw lines"):
        rows = []
        for system in SYSTEMS:
            with open(data / f"{system}_2k.log_structured.csv", newline="", encoding="utf-8") as file:
                table = list(csv.DictReader(file))
            truth = [(row["EventId"], row["EventTemplate"]) for row in table]
            if what == "contents":
                lines = [row["Content"] for row in table]
                with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
                    file.write("".join(line + "\n" for line in lines))
                    file.flush()
                    own = birchlog(file.name, header="none", format="text")
            else:
                path = data / f"{system}_2k.log"
                lines = path.read_text(encoding="utf-8").splitlines()
                own = birchlog(path)
            assert len(own) == len(lines) == len(truth)
            rows.append(scores(own, truth) + scores(peer(lines), truth))
            print(f"| {system} | {what} | " + " | ".join(f"{value:.3f}" for value in rows[-1]) + " |")
        means = [sum(column) / len(column) for column in zip(*rows)]
        print(f"| **mean** | {what} | " + " | ".join(f"**{value:.3f}**" for value in means) + " |")
    print(f"\nPIPLUP, defaults, contents (published, not run here): GA {PIPLUP[0]}, FGA {PIPLUP[1]}.")


if __name__ == "__main__":
    main()
