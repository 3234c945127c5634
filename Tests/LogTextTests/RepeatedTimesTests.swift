import Testing

@testable import LogText

/// A splitter that has seen other lines parts a line as a fresh one does.
@Suite struct RepeatedTimesTests {
  private func expectSame(_ layout: String, _ lines: [String]) throws {
    let header = try HeaderRecogniser(stored: "layout " + layout)
    let used = try header.makeSplitter()
    for line in lines + lines.reversed() + lines.flatMap({ [$0, $0] }) {
      let (own, fresh) = line.bytes { (used.split($0), header.split($0)) }
      #expect(own == fresh, "\(line)")
    }
  }

  @Test func timesThatRepeatAreReadAsBefore() throws {
    try expectSame(
      "time(H:m:sf); level & component",
      [
        "12:00:00 INFO a: one", "12:00:00 WARN b: two", "12:00:00.5 INFO a: x",
        "12:00:00.25 INFO a: x", "12:00:00:7 INFO a: x", "12:00:00: INFO a: x",
        "12:00:00:INFO a: x",
        "12:00:00:5NFO a: x", "12:00:00   INFO a: x", "12:00:00", "12:00:00 ", "12:00:00  ",
        "12:00:0", "12:00:01 INFO a: x", "x 12:00:00 INFO a: x", "", "[12:00:00] INFO a: x",
        "[12:00:00 ] INFO x", "12:00:00 nothing here",
      ])
  }

  @Test func eachTimeOfAHeaderIsItsOwn() throws {
    try expectSame(
      "time(x); time(y.M.d); time(y-M-d-H.m.sf) & level",
      [
        "1117838570 2005.06.03 2005-06-03-15.42.50.363779 INFO x",
        "1117838570 2005.06.03 2005-06-03-15.42.50.527847 INFO x",
        "1117838573 2005.06.03 2005-06-03-15.42.53.276129 INFO x",
        "1117838573 2005.06.04 2005-06-03-15.42.53.276129 FATAL x",
        "1117838573 2005.06.04", "1117838573 2005.06.04 2005-06-03-15.42.53.276129",
      ])
  }

  @Test func severitiesAreRecognised() throws {
    let header = try HeaderRecogniser(stored: "layout time(H:m:s); level & ")
    let words = [
      "trace", "debug", "info", "information", "notice", "warn", "warning", "error", "err",
      "severe", "critical", "crit", "alert", "emerg", "emergency", "fatal", "failure", "panic",
      "verbose", "fine", "finer", "finest", "config", "audit", "INFO", "Warning", "V", "C",
    ]
    let others = [
      "in", "inf", "infos", "warns", "errors", "emergencies", "informatio", "informationa",
      "finestt", "v", "X", "configs", "criticality",
    ]
    for word in words + others {
      let split = "12:00:00 \(word) text".bytes { header.split($0) }
      #expect(split.hasHeader == words.contains(word), "\(word)")
    }
  }
}
