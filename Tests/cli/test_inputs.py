"""Inputs as they come: session keys found or by field and gap, stack traces, journals, damage; counts that add up."""

import bz2
import gzip
import json
import lzma
import random

from support import QUICK, SESSION, CommandTest, run, write_log


class InputTest(CommandTest):
    def train(self, *arguments):
        result = run("train", *arguments, "-o", self.folder / "m.birchlog", *QUICK)
        self.assert_success(result)
        return result

    def model(self):
        result = run("inspect", "-m", self.folder / "m.birchlog", "--json")
        self.assert_success(result)
        return json.loads(result.stdout)

    def classify(self, *arguments, warning=None):
        result = run("classify", "-m", self.folder / "m.birchlog", *arguments)
        self.assert_success(result)
        if warning is None:
            self.assertEqual(result.stderr, b"")
        else:
            self.assertIn(warning, result.stderr.decode())
        return [json.loads(line) for line in result.stdout.splitlines()]

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class SessionChoiceTest(InputTest):
    def test_a_session_key_is_found_told_and_used(self):
        path = self.folder / "a.log"
        ids = write_log(path, 300)
        result = self.train(path)
        self.assertIn(b"was chosen", result.stderr)
        model = self.model()
        self.assertEqual(model["unit"], "session")
        self.assertIn("req-", model["session_proposal"]["session"])
        self.assertRegex(model["session_proposal"]["reason"], r"^100 % of the first \d+ lines of a.log have it")
        self.assertIn("lines each on average", model["session_proposal"]["reason"])
        self.assertEqual({finding["session"] for finding in self.classify(path)}, set(ids))

    def test_windows_are_read_where_no_key_is_found_or_they_are_asked_for(self):
        path = self.write("a.log", "".join(f"step {n % 4} of {n % 7}\n" for n in range(2000)))
        self.assertIn(b"windows were chosen", self.train(path).stderr)
        self.assertIsNone(self.model()["session_proposal"]["session"])
        write_log(path, 300)
        self.train(path, "--unit", "window")
        self.assertEqual(self.model()["unit"], "window")

    def test_a_key_that_the_first_input_does_not_show_is_found_in_the_next(self):
        start = self.write("start.log", "".join(f"step {n % 4} of {n % 7}\n" for n in range(2000)))
        path = self.folder / "a.log"
        write_log(path, 300)
        self.train(start, path)
        model = self.model()
        self.assertEqual(model["unit"], "session")
        self.assertRegex(model["session_proposal"]["reason"], r"further on, 100 % of \d+ lines of a.log have it")

    def test_inputs_without_lines_are_told_and_hide_nothing(self):
        empty, short = self.write("empty.log", ""), self.write("short.log", "a line of its own\n")
        path = self.folder / "a.log"
        ids = write_log(path, 300)
        for others in ([empty], [short], [empty, short, empty, empty, empty]):
            result = self.train(*others, path)
            self.assertEqual(b"empty.log is empty" in result.stderr, empty in others)
            self.assertEqual(self.model()["unit"], "session")
            kinds = run("kinds", "-m", self.folder / "m.birchlog", "--json").stdout
            self.assertNotIn(b"INFO", kinds)
            self.assertEqual({finding["session"] for finding in self.classify(path)}, set(ids))

    def records(self):
        """A log whose messages hold no key, as records with fields."""
        path = self.folder / "a.log"
        ids = write_log(path, 300)
        records = []
        for number, line in enumerate(path.read_text().splitlines()):
            time, level, app, session, message = line.split(" ", 4)
            records.append({"ts": time, "level": level, "app": app, "host": f"web-{number % 3}", "message": message,
                            "context": {"request_id": session[1:-1]}})
        return records, set(ids)

    def test_a_field_of_json_is_found_as_the_key(self):
        records, ids = self.records()
        path = self.write("a.jsonl", "".join(json.dumps(record) + "\n" for record in records))
        self.assertIn(b"--session-field context.request_id was chosen: 100 %", self.train(path).stderr)
        self.assertEqual(self.model()["session_proposal"]["session_field"], "context.request_id")
        self.assertEqual({finding["session"] for finding in self.classify(path)}, ids)
        refused = run("train", path, "--session-field", "request", "-o", self.folder / "n", *QUICK)
        self.assert_refused(refused, 3, '"request"', "context.request_id", "level", "host")

    def test_a_column_of_a_table_is_found_as_the_key(self):
        records, ids = self.records()
        rows = "".join(f'{r["ts"]},{r["level"]},{r["host"]},{r["context"]["request_id"]},{r["message"]}\n' for r in records)
        path = self.write("a.csv", "Time,Level,Host,Request,Content\n" + rows)
        self.assertIn(b"--session-field Request was chosen", self.train(path).stderr)
        self.assertEqual({finding["session"] for finding in self.classify(path)}, ids)
        refused = run("train", path, "--session-field", "Reqest", "-o", self.folder / "n", *QUICK)
        self.assert_refused(refused, 3, '"Reqest"', "Host, Request, Content")

    def test_a_field_of_a_journal_is_found_as_the_key(self):
        records, ids = self.records()
        entries = "".join(
            f'__CURSOR=s={n}\n__REALTIME_TIMESTAMP={1700000000000000 + n}\n_PID=7\nREQUEST={r["context"]["request_id"]}\n'
            f'MESSAGE={r["message"]}\n\n' for n, r in enumerate(records))
        path = self.write("a.export", entries)
        self.assertIn(b"--session-field REQUEST was chosen", self.train(path).stderr)
        self.assertEqual({finding["session"] for finding in self.classify(path)}, ids)

    def test_fields_that_are_no_keys_leave_windows(self):
        records, _ = self.records()
        for record in records:
            del record["context"]
        path = self.write("a.jsonl", "".join(json.dumps(record) + "\n" for record in records))
        self.assertIn(b"session_field", self.train(path).stderr)
        self.assertEqual(self.model()["unit"], "window")

    def test_a_part_of_the_header_is_a_key(self):
        lines = []
        for number in range(600):
            process, step = 1000 + number // 4, number % 4
            lines.append(f"Jun 14 15:{number // 60:02d}:{number % 60:02d} combo sshd[{process}]: step {step}\n")
        path = self.write("a.log", "".join(lines))
        self.train(path, "--session-field", "process")
        self.assertEqual({f["session"] for f in self.classify(path)}, {str(n) for n in range(1000, 1150)})
        refused = run("train", path, "--session-field", "thraed", "-o", self.folder / "n", *QUICK)
        self.assert_refused(refused, 3, "thraed", "process")

    def test_a_session_goes_on_in_the_next_file(self):
        lines = []
        for number in range(1200):
            process, step = 1000 + number // 8 * 2 + number % 2, number // 2 % 4
            lines.append(f"Jun 14 15:{number // 60:02d}:{number % 60:02d} combo sshd[{process}]: step {step}\n")
        pieces = [self.write("log.1", "".join(lines[:601])), self.write("log", "".join(lines[601:]))]
        for arguments in (pieces, [argument for piece in pieces for argument in ("--normal", piece)]):
            self.train(*arguments, "--session", r"sshd\[(\d+)\]")
            findings = self.classify(*pieces)
            self.assertEqual({finding["events"] for finding in findings}, {4})
            units = self.model()["units"]
            self.assertEqual(sum(units[part] for part in ("normal", "mixed")), len(findings))
            self.assertEqual(units["ended"], sum(1 for finding in findings if not finding.get("open")))

    def test_sessions_are_parted_by_time(self):
        lines = []
        for number in range(600):
            second = number // 4 * 90 + number % 4
            lines.append(f"2025-03-05T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z step {number % 4}\n")
        path = self.write("a.log", "".join(lines))
        self.train(path, "--option", "gap_seconds=30")
        findings = self.classify(path)
        self.assertEqual([f["lines"] for f in findings], [[n * 4 + 1, n * 4 + 4] for n in range(150)])
        self.assertEqual(findings[1]["session"], f"{path}:5-8")
        self.assertEqual(findings[1]["first_time"], "2025-03-05T00:01:30.000Z")
        self.assertEqual(findings[1]["last_time"], "2025-03-05T00:01:33.000Z")

    def test_what_the_log_does_not_name_of_its_times_is_said_and_not_shown(self):
        for stamp, lacks, first, shown in [
            ("Nov  3 08:%02d:%02d", "year", "1972-11-03T08:00:00.000Z", "11-03 08:00:00 to 11-03 08:09:59 (the log names no year)"),
            ("08:%02d:%02d", "date", "1970-01-01T08:00:00.000Z", "08:00:00 to 08:09:59 (the log names no date)"),
            ("2025-11-03T08:%02d:%02dZ", None, "2025-11-03T08:00:00.000Z", "2025-11-03 08:00:00 to 2025-11-03 08:09:59, in UTC"),
        ]:
            with self.subTest(stamp):
                lines = [
                    (stamp % (n // 60, n % 60)) + f" combo sshd[{1000 + n // 4}]: step {n % 4}\n" for n in range(600)]
                path = self.write("a.log", "".join(lines))
                self.train(path, "--session", r"sshd\[(\d+)\]")
                finding = self.classify(path)[0]
                self.assertEqual((finding["first_time"], finding.get("time_lacks")), (first, lacks))
                kind = json.loads(run("kinds", "-m", self.folder / "m.birchlog", "--json").stdout)["kinds"][0]
                self.assertEqual((kind["first_seen"], kind.get("time_lacks")), (first, lacks))
                table = run("kinds", "show", "-m", self.folder / "m.birchlog", "k0", "--table")
                self.assertIn(f"  seen {shown}\n", table.stdout.decode())
                counts = self.folder / "counts.json"
                self.assert_success(run(
                    "watch", "-m", self.folder / "m.birchlog", path, "--no-follow", "-o", self.folder / "w.jsonl",
                    "--statistics", counts))
                time = json.loads(counts.read_text())["log_time"]
                self.assertEqual(time, None if lacks else 1762157399)

    def test_a_key_that_never_matches_is_told_with_an_example(self):
        path = self.write("a.log", "alpha beta\n" * 50)
        result = run("train", path, "--session", r"xyz=(\d+)", "-o", self.folder / "m", *QUICK)
        self.assert_refused(result, 3, "50 lines", r"xyz=(\d+)", "alpha beta")


class KeylessLineTest(InputTest):
    BANNER = "2025-03-05T08:00:00.000Z INFO shop starting, build 4711\n"
    FAULT = "2025-03-05T08:00:09.000Z WARN kernel Out of memory: killed process 77\x1b[0m " + "x" * 300 + "\n"

    def log(self, name, count=300, seed=1, **behind):
        """A log with each of some lines behind so many lines, and the sessions' ids."""
        path = self.folder / name
        ids = write_log(path, count, seed=seed)
        lines = path.read_text().splitlines(True)
        for keyless, step in behind.items():
            lines[step // 2::step] = [line + getattr(self, keyless) for line in lines[step // 2::step]]
        path.write_text("".join(lines))
        return path

    def test_what_no_such_line_of_the_clean_input_said_is_told(self):
        normal = self.log("good.log", BANNER=500)
        mixed = self.log("mixed.log", seed=2, BANNER=500, FAULT=300)
        result = self.train("--normal", normal, mixed)
        told = [line for line in result.stderr.decode().splitlines() if line.startswith("birchlog: warning:")]
        self.assertEqual(len(told), 1, told)
        for needle in ("lines have no session key", "(1 template)", "in the clean input", "killed process 77 [0m xxx", "…", '"unit": "window"'):
            self.assertIn(needle, told[0])
        self.assertNotIn("starting", told[0])
        lines = self.model()["lines"]
        self.assertRegex(result.stderr.decode(), rf"left out +{lines['keyless']} of ")
        self.assertEqual(lines["total"], sum(path.read_bytes().count(b"\n") for path in (normal, mixed)))
        truth = self.write("truth.csv", "id,kind\nreq-00000000,normal\n")
        model = self.folder / "m.birchlog"
        self.classify(normal)
        self.classify(mixed, warning="say what no such line said in the clean input of training")
        for command in (["eval", "--truth", truth, "--json"], ["report", "-o", self.folder / "r.html"],
                        ["explain", "--limit", "1"], ["watch", "--no-follow"]):
            with self.subTest(command[0]):
                said = run(command[0], "-m", model, mixed, *command[1:]).stderr
                self.assertEqual(said.count(b"what no such line said in the clean input of training"), 1, said)
                self.assertEqual(said.count(b"killed process 77"), 1, said)
        self.train("--normal", normal, mixed, "--unit", "window")
        anomalous = [finding["lines"] for finding in self.classify(mixed) if finding["anomalous"]]
        faults = [n for n, line in enumerate(mixed.read_text().split("\n"), 1) if "killed" in line]
        self.assertTrue(all(any(a <= n <= b for a, b in anomalous) for n in faults))

    def test_a_few_lines_that_training_had_too_are_not_told(self):
        path = self.log("a.log", BANNER=900)
        result = self.train(path)
        self.assertIn(b"left out ", result.stderr)
        self.assertNotIn(b"no session key", result.stderr)
        again = self.log("b.log", seed=3, BANNER=40)
        self.classify(again)
        self.assertNotIn(b"key", run("watch", "-m", self.folder / "m.birchlog", again, "--no-follow").stderr)

    def test_a_large_part_is_told_unless_training_had_it(self):
        often, seldom = self.log("often.log", seed=3, BANNER=4), self.log("seldom.log", BANNER=900)
        self.train(seldom)
        self.classify(often, warning="lines have no session key")
        self.assertIn(b"lines have no session key", self.train(often).stderr)
        self.classify(often)

    def test_the_field_that_has_the_key_is_named(self):
        path = self.log("a.log")
        self.train(path)
        records = []
        for line in path.read_text().splitlines():
            time, level, app, session, message = line.split(" ", 4)
            records.append(json.dumps({"time": time, "rid": session[1:-1], "msg": f"{time} {level} {app} {message}"}) + "\n")
        table = self.write("a.jsonl", "".join(records))
        named = 'the field rid has it: give "session_field": "rid"'
        self.assertEqual(self.classify(table, warning=named), [])
        watched = run("watch", "-m", self.folder / "m.birchlog", table, "--no-follow")
        self.assertEqual(watched.stderr.decode().count(named), 1)
        refused = run("train", table, "--session", SESSION, "-o", self.folder / "n", *QUICK)
        self.assert_refused(refused, 3, named, "time, rid, msg")
        self.assertEqual(len(self.classify(table, "--session-field", "rid")), 300)


class NamedValueTest(InputTest):
    def log(self, name, count, failing=()):
        lines = []
        for number in range(count):
            for step in range(1 + number % 3):
                status = 503 if number in failing and step == 0 else 200
                lines.append(f'c={name}{number:04d} 10.0.0.{number % 9} "GET /page/{number % 40} HTTP/1.1" {status} {100 + number % 700}\n')
        return self.write(f"{name}.log", "".join(lines))

    def test_a_value_that_a_template_names_is_an_event(self):
        failing = range(0, 120, 6)
        normal, mixed = self.log("a", 400), self.log("b", 120, failing)
        templates = self.write("statuses.txt", '<*>" 503 <*>\n')

        def anomalous(*options):
            self.train("--normal", normal, mixed, "--session", r"c=(\w+)", *options)
            return {finding["session"]: finding for finding in self.classify(mixed) if finding["anomalous"]}

        bad = {f"b{number:04d}" for number in failing}
        self.assertFalse(bad & set(anomalous()))
        found = anomalous("--option", f"templates={templates}")
        self.assertEqual(set(found), bad)
        self.assertEqual({finding["evidence"][0]["template"] for finding in found.values()}, {'<*>" 503 <*>'})


class RoughInputTest(InputTest):
    def sessions(self, name="a.log", count=200):
        path = self.folder / name
        write_log(path, count)
        return path

    def test_stack_traces_belong_to_their_line(self):
        path = self.sessions()
        lines = path.read_text().splitlines(True)
        trace = "java.net.ConnectException: refused\n\tat a.B.c(B.java:7)\n\tat a.D.e(D.java:9)\nCaused by: x.Y: z\n"
        path.write_text("".join(line + (trace if n % 50 == 7 else "") for n, line in enumerate(lines)))
        self.train(path, "--session", SESSION)
        findings = self.classify(path)
        self.assertEqual(max(f["lines"][1] for f in findings), len(path.read_text().splitlines()))
        kinds = run("kinds", "-m", self.folder / "m.birchlog", "--json").stdout
        self.assertNotIn(b"B.java", kinds)
        self.train(path, "--session", SESSION, "--option", "multiline=false")

    def test_a_gzip_file_cut_in_the_middle_is_read_up_to_there(self):
        path = self.sessions()
        self.train(path, "--session", SESSION)
        whole = gzip.compress(path.read_bytes())
        cut = self.write("cut.log.gz", whole[: len(whole) // 2])
        findings = self.classify(cut, warning="cut off")
        self.assertTrue(20 < len(findings) < 200)

    def test_records_that_cannot_be_read_are_passed_over_and_told(self):
        path = self.sessions()
        lines = path.read_text().splitlines()
        records = [json.dumps({"message": line}) for line in lines]
        records[5:5] = ["{broken", '{"other":1}']
        mixed = self.write("a.jsonl", "\n".join(records))
        self.train(mixed, "--session", SESSION)
        self.assertEqual(len(self.classify(mixed, warning="2 records")), 200)

    def test_a_mark_of_utf8_is_passed_over(self):
        path = self.sessions()
        self.train(path, "--session", SESSION)
        plain = path.read_bytes()
        expected = self.classify(path)
        for name, content in (("b.log", plain), ("b.log.gz", gzip.compress(b"\xef\xbb\xbf" + plain))):
            marked = self.write(name, content if name.endswith("gz") else b"\xef\xbb\xbf" + content)
            self.assertEqual([f["score"] for f in self.classify(marked)], [f["score"] for f in expected])
        first = expected[0]["session"]
        raw = run("explain", "-m", self.folder / "m.birchlog", self.folder / "b.log", "--session-id", first).stdout
        offsets = [line["offset"] for line in json.loads(raw)["raw"]["lines"]]
        self.assertEqual((b"\xef\xbb\xbf" + plain)[offsets[0]:].split(b" ")[0], plain.split(b" ")[0])

    def test_what_is_no_text_is_refused_by_name(self):
        path = self.sessions()
        self.train(path, "--session", SESSION)
        text = path.read_text()
        cases = [
            (lzma.compress(text.encode()), "xz -dc"), (bz2.compress(text.encode()), "bzip2 -dc"),
            (b"\x28\xb5\x2f\xfd" + text.encode(), "zstd -dc"), (b"PK\x03\x04" + bytes(60), "unzip -p"),
            (text.encode("utf-16"), "iconv -f UTF-16LE"), (text.encode("utf-16-le"), "iconv -f UTF-16LE"),
            (text.encode("utf-16-be"), "iconv -f UTF-16BE"),
        ]
        for content, needle in cases:
            with self.subTest(needle):
                odd = self.write("odd.log", content)
                self.assert_refused(run("train", odd, "-o", self.folder / "n.birchlog", *QUICK), 3, needle, "odd.log")
                self.assert_refused(run("classify", "-m", self.folder / "m.birchlog", odd), 3, needle)
                self.assert_refused(run("classify", "-m", self.folder / "m.birchlog", stdin=content), 3, needle)
                self.assert_refused(run("watch", "-m", self.folder / "m.birchlog", odd, "--no-follow"), 3, needle, "odd.log")
                self.assert_refused(run("watch", "-m", self.folder / "m.birchlog", stdin=content), 3, needle)

    def test_binary_data_are_not_learned_and_told(self):
        path = self.sessions()
        self.train(path, "--session", SESSION)
        generator = random.Random(1)
        odd = self.write("odd.log", bytes(generator.randrange(256) for _ in range(20_000)))
        self.assert_refused(run("train", odd, "-o", self.folder / "n.birchlog", *QUICK), 3, "binary", "odd.log")
        self.assertIn(b"binary", run("classify", "-m", self.folder / "m.birchlog", odd).stderr)

    def test_a_journal_export_is_read(self):
        path = self.sessions()
        entries = [
            f"__CURSOR=s={n}\n__REALTIME_TIMESTAMP={1700000000000000 + n}\nMESSAGE={line}\n\n"
            for n, line in enumerate(path.read_text().splitlines())
        ]
        export = self.write("a.export", "".join(entries))
        self.train(export, "--session", SESSION)
        self.assertEqual(len(self.classify(export)), 200)

    def test_a_catastrophic_mask_is_given_up_counted_and_told(self):
        path = self.sessions()
        with open(path, "a", encoding="utf-8") as file:
            file.write("2025-03-05T09:59:00.000Z INFO shop [req-0badcafe] " + "x" * 5000 + " z\n")
        result = self.train(path, "--session", SESSION, "--mask", "(x+x+)+z")
        self.assertIn(b'"masks" gave up on 1 lines', result.stderr)
        self.assertEqual(len(self.classify(path, warning='"masks" gave up on 1 lines')), 201)

    def test_what_a_mask_matches_is_a_value(self):
        generator = random.Random(2)
        words = ["".join(generator.choices("abcdefghij", k=6)) for _ in range(300)]
        path = self.write("a.log", "".join(f"user {word} logged in\nsync done\n" for word in words))
        self.train(path, "--mask", r"user (\w+)", "--unit", "window")
        self.assertEqual(self.model()["events"], 2)

    def test_more_events_than_a_model_holds_share_one(self):
        generator = random.Random(4)
        words = ["".join(generator.choices("abcdefghijklmnop", k=7)) for _ in range(4000)]
        lines = [" ".join(generator.choices(words, k=6)) + "\n" for _ in range(20_000)]
        path = self.write("a.log", "".join(lines))
        result = self.train(path)
        self.assertIn(b"more than 4096 different events", result.stderr)
        self.assertGreater(len(self.classify(path)), 1000)

    def test_an_endless_line_is_cut_and_counted(self):
        path = self.sessions()
        self.train(path, "--session", SESSION)
        endless = self.write("endless.log", b"x y z " * 700_000)
        self.assertEqual(self.classify(endless, warning="longer than 1 MiB"), [])
