"""The HTML report."""

import html.parser

from support import Fixture, ModelTest, run


class Page(html.parser.HTMLParser):
    """Collects tags and checks that they nest."""

    void = {"meta", "br"}

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.stack, self.faults = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in self.void:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.faults.append((tag, self.getpos()))


class ReportTest(ModelTest):
    def report(self, *arguments, model=Fixture.model):
        path = self.folder / "report.html"
        self.assert_success(run("report", "-m", model, *arguments, "-o", path))
        return path.read_text(encoding="utf-8")

    def test_the_page_nests_runs_no_script_and_needs_no_network(self):
        text = self.report("--truth", Fixture.truth, Fixture.mixed)
        page = Page(text)
        self.assertEqual(page.faults, [])
        self.assertEqual(page.stack, [])
        self.assertNotIn("script", page.tags)
        self.assertNotIn("link", page.tags)
        for name, value in page.attributes:
            self.assertNotIn(name, ("src", "onclick", "onload"))
            if name == "href":
                self.assertTrue(value.startswith("#"), value)
        self.assertNotIn("url(", text)
        self.assertIn("prefers-color-scheme", text)

    def test_every_kind_has_a_card_and_the_truth_is_shown(self):
        text = self.report("--truth", Fixture.truth, Fixture.mixed)
        self.assertGreaterEqual(Page(text).tags.count("article"), 2)
        self.assertIn("Against the truth", text)
        self.assertIn("The most anomalous findings", text)

    def test_without_inputs_the_model_alone_is_reported(self):
        text = self.report()
        self.assertNotIn("The most anomalous findings", text)
        self.assertGreaterEqual(Page(text).tags.count("article"), 2)

    def test_the_same_model_gives_the_same_page(self):
        self.assertEqual(self.report(Fixture.mixed), self.report(Fixture.mixed))

    def test_markup_in_names_and_logs_is_escaped(self):
        named = self.folder / "named.birchlog"
        self.assert_success(run("kinds", "name", "-m", Fixture.model, "k1", "<script>alert('x')</script>", "-o", named))
        log = self.folder / "hostile.log"
        log.write_text(Fixture.mixed.read_text().replace("gateway did", "<img src=x onerror=alert(1)> did"))
        text = self.report(log, model=named)
        page = Page(text)
        self.assertNotIn("script", page.tags)
        self.assertNotIn("img", page.tags)
        self.assertIn("&lt;script&gt;", text)
        self.assertEqual(page.faults, [])
