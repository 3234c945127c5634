"""Training's words, kinds and their names, refit, eval and inspect."""

import json
import struct

from support import QUICK, SESSION, Fixture, ModelTest, run


class TrainTest(ModelTest):
    def test_training_tells_sessions_threshold_kinds_and_the_classifiers_table(self):
        text = Fixture.training.stderr.decode()
        for needle in ("300", "120", "threshold", "95 %", "kinds", "silhouette", "precision", "recall", "weighted average"):
            self.assertIn(needle, text)
        self.assertEqual(Fixture.training.stdout, b"")
        self.assertNotIn("\x1b", text)

    def test_quiet_training_is_quiet(self):
        model = self.folder / "m.birchlog"
        result = run("train", "--quiet", "--normal", Fixture.normal, "--session", SESSION, "-o", model, *QUICK)
        self.assert_success(result)
        for line in result.stderr.decode().splitlines():
            self.assertTrue(line.startswith("birchlog: warning: "), line)

    def test_the_same_seed_gives_the_same_bytes(self):
        again = self.folder / "again.birchlog"
        arguments = ["train", "--normal", Fixture.normal, Fixture.mixed, "--session", SESSION, "-o", again]
        self.assert_success(run(*arguments, "--option", "hidden_size=16", "--option", "epochs=8", "--threads", "2"))
        first, second = Fixture.model.read_bytes(), again.read_bytes()
        self.assertEqual(len(first), len(second))
        self.assertTrue(first == second, "one thread and two gave different model bytes")


class KindsTest(ModelTest):
    def kinds(self, model=Fixture.model):
        result = run("kinds", "-m", model)
        self.assert_success(result)
        return json.loads(result.stdout)["kinds"]

    def test_the_kinds_hold_a_normal_one_and_an_anomaly_with_evidence(self):
        kinds = self.kinds()
        self.assertTrue(any(kind["normal"] for kind in kinds))
        anomalies = [kind for kind in kinds if not kind["normal"]]
        self.assertTrue(anomalies)
        for kind in anomalies:
            self.assertTrue(kind["reading"])
            self.assertTrue(kind["samples"])

    def test_the_table_shows_every_kind_and_the_papers_columns(self):
        result = run("kinds", "-m", Fixture.model, "--table")
        self.assert_success(result)
        text = result.stdout.decode()
        for kind in self.kinds():
            self.assertIn(kind["id"], text)
        for needle in ("precision", "recall", "F1", "support", "accuracy", "weighted average", "silhouette"):
            self.assertIn(needle, text)

    def test_kinds_whose_events_begin_alike_are_told_apart_where_there_is_little_room(self):
        # "gateway did not answer" and "authorised payment" as one long line each, alike but for its end.
        head = "delivery to=<someone> relay=none, delay=4.2, delays=0.1/0.2/0.3/0.4, dsn=4.4.1, status=deferred "
        ends = {"timeout": "(host said: mailbox full)", "lost": "(connect to host: Connection refused)"}
        logs = [self.folder / "normal.log", self.folder / "mixed.log"]
        logs[0].write_bytes(Fixture.normal.read_bytes())
        faults = {Fixture.ids[number]: fault for number, fault in Fixture.faults.items()}
        lines = []
        for line in Fixture.mixed.read_text(encoding="utf-8").splitlines(True):
            start, text = line.split("] ", 1)
            lines.append(line)
            fault = faults.get(start.split("[")[1])
            if fault and text.startswith("validated"):
                lines.append(f"{start}] {head}{ends[fault]}\n")
        logs[1].write_text("".join(lines), encoding="utf-8")
        model = self.folder / "m.birchlog"
        self.assert_success(run("train", "--normal", logs[0], logs[1], "--session", SESSION, "-o", model, *QUICK))
        narrow = {"COLUMNS": "80"}
        table = run("kinds", "-m", model, "--table", "--samples", "0", environment=narrow).stdout.decode()
        for start, end in (("(host said", "full)"), ("(connect to", "refused)")):
            rows = [line for line in table.splitlines() if start in line]
            self.assertEqual(len(rows), 1, table)
            shown = run("kinds", "show", "-m", model, "--table", rows[0].split()[0], environment=narrow).stdout.decode()
            self.assertGreaterEqual(shown.count(end), 3, shown)
            self.assertTrue(all(len(line) <= 80 for line in shown.splitlines()), shown)

    def test_a_name_is_kept_shown_and_taken_away(self):
        named = self.folder / "named.birchlog"
        kind = next(kind["id"] for kind in self.kinds() if not kind["normal"])
        self.assert_success(run("kinds", "name", "-m", Fixture.model, kind, "payment <lost> é", "-o", named))
        self.assertIn("payment <lost> é", [entry["name"] for entry in self.kinds(named)])
        findings = self.documents(run("classify", "-m", named, Fixture.mixed))
        self.assertIn("payment <lost> é", [finding["name"] for finding in findings])

        refitted = self.folder / "refitted.birchlog"
        self.assert_success(run("refit", "-m", named, Fixture.mixed, "-o", refitted))
        self.assertIn("payment <lost> é", [entry["name"] for entry in self.kinds(refitted)])

        self.assert_success(run("kinds", "name", "-m", named, kind, ""))
        self.assertEqual([entry["name"] for entry in self.kinds(named)], [None] * len(self.kinds(named)))
        self.assert_folder_holds("named.birchlog", "refitted.birchlog")

    def test_a_kind_that_does_not_exist_is_refused(self):
        before = Fixture.model.read_bytes()
        self.assert_refused(run("kinds", "name", "-m", Fixture.model, "k999", "x"), 2, "k999")
        self.assertEqual(Fixture.model.read_bytes(), before)

    def test_refit_takes_a_given_number_of_kinds(self):
        refitted = self.folder / "two.birchlog"
        self.assert_success(run("refit", "-m", Fixture.model, "--kinds", "2", "-o", refitted))
        self.assertEqual(len(self.kinds(refitted)), 2)


class EvaluateTest(ModelTest):
    def test_a_truth_of_other_sessions_is_refused_with_an_id_of_either(self):
        truth = self.folder / "truth.csv"
        truth.write_text("id,kind\nblk_7,normal\nblk_8,lost\n")
        self.assert_refused(
            run("eval", "-m", Fixture.model, "--truth", truth, Fixture.mixed), 3, truth, f"None of the {len(Fixture.ids)} sessions", "req-", "blk_7")

    def test_a_truth_in_which_nothing_is_normal_is_warned_of(self):
        truth = self.folder / "truth.csv"
        truth.write_text(Fixture.truth.read_text().replace(",normal", ",benign"))
        result = run("eval", "-m", Fixture.model, "--truth", truth, Fixture.mixed)
        self.assert_success(result)
        self.assertIn('is "normal", so all count as anomalous (its kinds: "benign", "lost", "timeout")', result.stderr.decode())
        self.assertEqual(json.loads(result.stdout)["detection"]["true_negatives"], 0)
        self.assertEqual(run("eval", "-m", Fixture.model, "--truth", Fixture.truth, Fixture.mixed).stderr, b"")

    def test_the_evaluation_holds_detection_and_kinds(self):
        result = run("eval", "-m", Fixture.model, "--truth", Fixture.truth, Fixture.mixed)
        self.assert_success(result)
        document = json.loads(result.stdout)
        self.assertEqual(document["units"], len(Fixture.ids))
        self.assertEqual(document["scored"], len(Fixture.ids))
        detection = document["detection"]
        total = sum(detection[f"{a}_{b}s"] for a in ("true", "false") for b in ("positive", "negative"))
        self.assertEqual(total, len(Fixture.ids))
        for key in ("ari", "nmi", "v_measure", "purity", "macro_f1_one_to_one", "macro_f1_majority", "confusion"):
            self.assertIn(key, document["kinds"])

    def test_the_table_names_every_measure(self):
        result = run("eval", "-m", Fixture.model, "--truth", Fixture.truth, "--table", Fixture.mixed)
        self.assert_success(result)
        for needle in ("F1", "false-positive rate", "adjusted Rand index", "V-measure", "purity", "macro-F1"):
            self.assertIn(needle, result.stdout.decode())

    def test_kinds_are_joined_precision_is_projected_and_simple_detectors_are_scored(self):
        kinds = sorted({line.split(",")[1] for line in Fixture.truth.read_text().split()[1:]} - {"normal"})[:2]
        figures = self.folder / "figures.csv"
        result = run("eval", "-m", Fixture.model, "--truth", Fixture.truth, "--join", ",".join(kinds), "--prevalence", "0.01",
                     "--baselines", "--resamples", "20", "--csv", figures, "--json", Fixture.mixed)
        self.assert_success(result)
        document = json.loads(result.stdout)
        self.assertEqual(document["kinds"]["joined"]["true"], document["kinds"]["true"] - 1)
        self.assertEqual(document["detection"]["projected"]["prevalence"], 0.01)
        self.assertLessEqual(document["detection"]["projected"]["precision"], document["detection"]["precision"])
        low, high = document["kinds"]["intervals"]["ari"]
        self.assertLessEqual(low, high)
        names = [baseline["name"] for baseline in document["baselines"]]
        self.assertEqual(names, ["new event", "session length", "new count vector", "top-9"])
        for baseline in document["baselines"]:
            total = sum(baseline[f"{a}_{b}s"] for a in ("true", "false") for b in ("positive", "negative"))
            self.assertEqual(total, len(Fixture.ids))
        rows = [line.split(",") for line in figures.read_text().splitlines()]
        self.assertEqual(rows[0], ["group", "figure", "value", "low", "high"])
        self.assertTrue(all(len(row) == 5 for row in rows))
        values = {(row[0], row[1]): row[2] for row in rows}
        self.assertEqual(float(values["kinds", "ari"]), document["kinds"]["ari"])
        self.assertEqual(float(values["kinds joined", "ari"]), document["kinds"]["joined"]["ari"])

    def test_an_evaluation_without_resamples_has_no_intervals(self):
        document = json.loads(
            run("eval", "-m", Fixture.model, "--truth", Fixture.truth, "--resamples", "0", Fixture.mixed).stdout)
        self.assertNotIn("intervals", document["kinds"])
        self.assertNotIn("baselines", document)

    def test_a_group_of_one_kind_is_refused(self):
        self.assert_refused(
            run("eval", "-m", Fixture.model, "--truth", Fixture.truth, "--join", "alone", Fixture.mixed), 2, "join")

    def test_units_without_a_truth_are_counted_and_not_scored(self):
        truth = self.folder / "part.csv"
        truth.write_text("".join(Fixture.truth.read_text().splitlines(keepends=True)[:51]))
        document = json.loads(run("eval", "-m", Fixture.model, "--truth", truth, Fixture.mixed).stdout)
        self.assertEqual((document["scored"], document["without_truth"]), (50, len(Fixture.ids) - 50))


class InspectTest(ModelTest):
    def test_a_model_is_described(self):
        document = json.loads(run("inspect", "-m", Fixture.model).stdout)
        for key in ("format_version", "options", "threshold", "training", "clustering", "classifier", "warnings"):
            self.assertIn(key, document)
        table = run("inspect", "-m", Fixture.model, "--table")
        self.assert_success(table)
        self.assertIn(b"threshold", table.stdout)

    def test_features_and_labels_have_a_row_for_every_unit(self):
        features, labels = self.folder / "f.npy", self.folder / "l.npy"
        self.assert_success(run("inspect", "-m", Fixture.model, Fixture.mixed, "--features", features, "--labels", labels))
        self.assertEqual(self.shape(features)[0], len(Fixture.ids))
        self.assertEqual(self.shape(labels), (len(Fixture.ids),))
        self.assert_folder_holds("f.npy", "l.npy")

    def shape(self, path):
        """The shape in the header of a NumPy file."""
        content = path.read_bytes()
        self.assertEqual(content[:8], b"\x93NUMPY\x01\x00")
        (length,) = struct.unpack("<H", content[8:10])
        header = eval(content[10 : 10 + length].decode(), {})  # The header is a Python literal by definition.
        self.assertIn(header["descr"], ("<f4", "<i4"))
        count = 1
        for size in header["shape"]:
            count *= size
        self.assertEqual(len(content), 10 + length + 4 * count)
        return header["shape"]
