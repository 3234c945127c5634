"""The HTML report."""

import html.parser
import random
import re
import unittest

from browser import CHROMIUM, Browser
from support import QUICK, Fixture, ModelTest, run, session_lines

SECTIONS = ["summary", "timeline", "map", "kinds", "findings", "attention", "curve", "metrics", "losses"]

# Contrast of two colours by WCAG 2, and of every text with what lies behind it.
CONTRAST = """
(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = (c) => [0, 1, 2].map((i) => c[i] / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const bad = [];
  for (const element of document.querySelectorAll('main *, header *, nav *, footer')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || element.closest('svg') || !element.checkVisibility()) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2) + ' ' + element.textContent.slice(0, 30));
  }
  return bad;
})()
"""


class Page(html.parser.HTMLParser):
    """Collects tags and checks that they nest."""

    void = {"meta", "br", "link", "input"}

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
        for name, value in page.attributes:
            self.assertNotIn(name, ("src", "onclick", "onload"))
            if name == "href":
                self.assertTrue(value.startswith("#") or value == "data:,", value)
        self.assertNotIn("url(", text)
        self.assertIn("prefers-color-scheme", text)

    def test_a_mark_of_the_map_tells_how_many_sessions_it_stands_for(self):
        text = self.report(Fixture.mixed)
        labels = re.findall(r'<text aria-hidden="true"[^>]*>([^<]*)</text>', text)
        counts = [int(found[1]) + 1 if (found := re.search(r" and (\d+) like it, ", label)) else 1 for label in labels]
        sample = int(re.search(r"A sample of (\d+) sessions", text)[1])
        self.assertEqual((sum(counts), sample), (120, 120))
        self.assertEqual(text.count(" scale("), sum(count > 1 for count in counts))
        self.assertLess(len(labels), 60)

    def test_every_kind_has_a_card_and_the_truth_is_shown(self):
        text = self.report("--truth", Fixture.truth, Fixture.mixed)
        self.assertGreaterEqual(Page(text).tags.count("article"), 2)
        self.assertIn("Against the truth", text)
        self.assertIn("The most anomalous sessions", text)

    def test_without_inputs_the_model_alone_is_reported(self):
        text = self.report()
        self.assertNotIn("The most anomalous sessions", text)
        self.assertGreaterEqual(Page(text).tags.count("article"), 2)

    def test_windows_are_what_a_model_of_windows_learned_from(self):
        model = self.folder / "windows.birchlog"
        self.assert_success(run("train", "--normal", Fixture.normal, "--unit", "window", "-o", model, *QUICK))
        units = self.documents(run("inspect", "-m", model, "--json"))[0]["units"]["normal"]
        self.assertGreater(units, 1)
        self.assertIn(f"<dt>Learned from</dt><dd>{units:,}<small>normal windows", self.report(model=model))

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

    def test_every_section_stands_and_links_lead_somewhere(self):
        page = Page(self.report("--truth", Fixture.truth, Fixture.mixed))
        ids = [value for name, value in page.attributes if name == "id"]
        self.assertEqual(len(ids), len(set(ids)))
        for section in SECTIONS:
            self.assertIn(section, ids)
        for name, value in page.attributes:
            if name == "href" and value.startswith("#"):
                self.assertIn(value[1:], ids)
        for tag in ("main", "header", "nav", "footer", "h1"):
            self.assertEqual(page.tags.count(tag) > 0, True, tag)

    def test_exemplars_show_their_lines_with_the_decisive_ones_marked(self):
        text = self.report(Fixture.mixed)
        marked = [part.split("</mark>")[0] for part in text.split("<mark>")[1:]]
        self.assertTrue(any("gateway did not answer" in part and "req-" in part for part in marked), marked[:5])
        self.assertFalse(any("received order" in part for part in marked))

    def test_what_was_left_out_is_told(self):
        log = self.folder / "odd.log"
        log.write_bytes(Fixture.mixed.read_bytes() + b"2025-03-05T09:30:00.000Z INFO shop no key here\n2025-03-05T09:30:01.000Z INFO shop nor here\n")
        text = self.report(log)
        self.assertTrue("<th scope=\"row\">Lines of no session</th><td class=\"n\">2</td>" in text)

    def test_what_was_amiss_in_training_is_not_said_of_the_log(self):
        model, log = self.folder / "keyless.birchlog", self.folder / "keyless.log"
        log.write_bytes(Fixture.mixed.read_bytes() + b"2025-03-05T09:30:00.000Z INFO shop no key here\n" * 300)
        self.assert_success(run("train", "--normal", Fixture.normal, log, "-o", model, *QUICK))
        notes = re.findall(r'<p class="note">([^<]*no session key[^<]*)', self.report(Fixture.mixed, model=model))
        self.assertEqual(len(notes), 1)
        self.assertTrue(notes[0].startswith("When the model was made: 300 of "), notes)

    def test_a_hundred_thousand_sessions_make_a_page_below_two_megabytes(self):
        generator = random.Random(5)
        log = self.folder / "large.log"
        with open(log, "w", encoding="utf-8") as file:
            for number in range(100_000):
                fault = {0: "timeout", 1: "lost"}.get(number % 10)
                for line in session_lines(generator, fault):
                    file.write(f"2025-03-05T{8 + number // 36000:02d}:{number // 600 % 60:02d}:{number // 10 % 60:02d}.000Z INFO shop [req-{number:08x}] {line}\n")
        text = self.report(log)
        self.assertIn("of 100,000 sessions", text)
        self.assertLess(len(text.encode()), 2_000_000)
        self.assertIn("A sample of", text)
        self.assertEqual(Page(text).faults, [])


@unittest.skipUnless(CHROMIUM, "needs Chromium (Debian: chromium) to look at the page")
class BrowserTest(ModelTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = Fixture.folder / "browser.html"
        result = run("report", "-m", Fixture.model, "--truth", Fixture.truth, Fixture.mixed, "-o", cls.path)
        if result.returncode != 0:
            raise AssertionError(result.stderr.decode())

    def test_the_page_is_shown_without_a_complaint_in_both_themes_and_on_narrow_screens(self):
        with Browser() as browser:
            for width, theme in [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]:
                with self.subTest(width=width, theme=theme):
                    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
                    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
                    browser.open(self.path)
                    self.assertEqual(browser.complaints, [])
                    for section in SECTIONS:
                        height = browser.value(f"document.getElementById('{section}').getBoundingClientRect().height")
                        self.assertGreater(height, 40, section)
                    wide = browser.value("document.documentElement.scrollWidth")
                    self.assertLessEqual(wide, width, "the page scrolls sideways")
                    self.assertEqual(browser.value(CONTRAST), [])

    def test_the_theme_can_be_chosen_against_the_preference(self):
        with Browser() as browser:
            browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
            browser.open(self.path)
            colour = "getComputedStyle(document.body).backgroundColor"
            light = browser.value(colour)
            browser.value("document.getElementById('theme-dark').click()")
            dark = browser.value(colour)
            self.assertNotEqual(light, dark)
            browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
            browser.value("document.getElementById('theme-light').click()")
            self.assertEqual(browser.value(colour), light)

    def test_the_keyboard_reaches_a_mark_of_the_map_which_names_its_session(self):
        with Browser() as browser:
            browser.open(self.path)
            hidden, shown = browser.value("""(() => {
              const mark = document.querySelector('.pt[tabindex]'), text = mark.querySelector('text');
              const before = getComputedStyle(text).display;
              mark.focus();
              return [before, getComputedStyle(text).display];
            })()""")
            self.assertEqual((hidden, shown), ("none", "block"))
            unnamed = browser.value("""[...document.querySelectorAll('a, [tabindex], summary, input, svg[role=img]')].filter((element) =>
              !(element.textContent.trim() || element.getAttribute('aria-label') || element.closest('label'))).length""")
            self.assertEqual(unnamed, 0)
