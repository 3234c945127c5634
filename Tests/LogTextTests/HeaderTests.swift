import LogText
import Testing

struct HeaderTests {
  /// Learns from lines made of a header and a text each, then parts them again.
  private func contents(_ lines: [String]) -> [String] {
    let header = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    return lines.map { content($0, header) }
  }

  private func content(_ line: String, _ header: HeaderRecogniser) -> String {
    let bytes = Array(line.utf8)
    let range = bytes.withUnsafeBytes { header.split($0).content }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  private static let texts = [
    "Server started in mode one", "connection from 10.0.0.1 refused", "Exception: no such block",
    "user root logged in", "[client 1.2.3.4] gone", "(done) with it",
  ]

  /// Headers of common loggers; `%` is a digit that differs from line to line.
  @Test(arguments: [
    "2015-10-18 18:01:4%,978 INFO [main] org.apache.hadoop.App: ",
    "2015-10-18 18:01:4%,978 - WARN  [QuorumPeer[myid=1]/0:0:0:0:2181:Election@77%] - ",
    "[Sun Dec 04 04:47:4% 2005] [notice] ",
    "Jun 14 15:16:0% combo sshd(pam_unix)[1993%]: ",
    "Jun  4 15:16:0% host-1 kernel: ",
    "081109 20361% 14% INFO dfs.DataNode$PacketResponder: ",
    "17/06/09 20:10:4% INFO executor.Backend: ",
    "- 111783857% 2005.06.03 R02-M1 2005-06-03-15.42.50.67587% R02-M1 RAS KERNEL INFO ",
    "03-17 16:13:38.81%  1702  239% D WindowManager: ",
    "20171223-22:15:29:60%|Step_LSC|30002312|",
    "2016-09-28 04:30:3%, Info                  CBS    ",
    "[10.30 16:49:0%] chrome.exe - ",
    "[10.30 16:49:0%] Some Tool.exe *64 - ",
    "13468% node-24% unix.hw state_change.unavailable 107780474% 1 ",
    "- 113156646% 2005.11.09 dn22% Nov 9 12:01:0% dn22%/dn22% crond(pam_unix)[291%]: ",
    "Dec 10 06:55:4% LabSZ sshd[2420%]: ",
    "Jul  1 09:00:5% calvisitor-10-105-160-95 kernel[0]: ",
    "Jul  1 09:00:5% host Some Helper Tool[18%]: ",
    "2003-10-11T22:14:15.00%Z stdout ",
    "2015/10/18 18:01:4% [error] 123#0: ",
    "2020-01-01 10:00:0%.123  INFO 12345 --- [main] c.e.Application : ",
    "10:00:0%.123 [worker-%] DEBUG c.e.Foo - ",
    "2020-01-01 10:00:0%,123 - app.module - INFO - ",
    "[2020-01-01T10:00:0%.123+0200] ",
    "[    0.00000%] ",
    "ERROR: ",
  ])
  func headersOfCommonLoggersAreSplitOff(header: String) {
    let lines = (0..<60).map { index in
      header.map { $0 == "%" ? "\(index % 10)" : "\($0)" }.joined()
        + Self.texts[index % Self.texts.count]
    }
    let expected = lines.indices.map { index in
      (header.hasSuffix("stdout ") ? "stdout " : "") + Self.texts[index % Self.texts.count]
    }
    #expect(contents(lines) == expected)
  }

  /// Lines of fields whose time is the header, and what is left of them.
  @Test(arguments: [
    ("time=2026-11-12T06:00:0%.100Z ", "level=info msg=\"it is up\" unit=a"),
    ("time=\"2026-11-12T06:00:0%.100Z\" ", "level=info msg=\"it is up\" unit=a"),
    ("ts=1762927200.10% ", "caller=a.go:12 level=info msg=up"),
    ("t=2026-11-12T06:00:0%.100+0000 ", "lvl=info msg=up"),
    ("level=info ts=2026-11-12T06:00:0%.100Z ", "caller=a.go:12 msg=up"),
    ("logger=store t=2026-11-12T06:00:0%.100Z ", "level=info msg=up"),
  ])
  func aTimeThatIsAFieldIsTheHeader(header: String, text: String) throws {
    let lines = (0..<60).map { index in
      header.map { $0 == "%" ? "\(index % 10)" : "\($0)" }.joined() + text
    }
    #expect(contents(lines) == lines.map { _ in text })
    let recogniser = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    let stored = try HeaderRecogniser(stored: recogniser.stored)
    let times = lines.map { line in line.bytes { stored.split($0).time } }
    let (first, second) = (try #require(times[0]), try #require(times[1]))
    #expect(second - first == (header.hasPrefix("ts=") ? 1 : 1000))
  }

  @Test(arguments: [
    "unit=a time=2026-11-12T06:00:%Z msg=\"it is up\"",
    "level=info unit=a ts=\"2026-11-12 06:00:%.000000001Z\" msg=up",
    "level=info msg=\"at ts=2001-01-01T00:00:00Z it was \\\" up\" ts=17629272%.25 n=3",
    "caller=a.go:3 msg=\"it is up\" t=17629272%123456789",
    "level=info msg=\"it is up\" timestamp=17629272%123456",
    "caller=a.go:3 unit=a ts=17629272%123 msg=up",
    "INFO unit=a ts=2026-11-12T06:00:%.123456789+00:00 msg=up",
  ])
  func aTimeAmongOtherFieldsIsTheLinesAndStaysContent(form: String) throws {
    let lines = (10..<40).map { index in form.map { $0 == "%" ? "\(index)" : "\($0)" }.joined() }
    let text = form.hasPrefix("INFO ") ? lines.map { String($0.dropFirst(5)) } : lines
    #expect(contents(lines) == text)
    let recogniser = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    let splitter = try HeaderRecogniser(stored: recogniser.stored).makeSplitter()
    let times = lines.map { line in line.bytes { splitter.split($0).time } }
    let (first, second) = (try #require(times[0]), try #require(times[1]))
    #expect(second - first == 1000)
    #expect((1_762_000_000_000...1_795_000_000_000).contains(first))
    #expect("unit=a msg=up".bytes { splitter.split($0).time } == nil)
  }

  @Test func aFieldThatOnlyLooksLikeATimeIsNone() {
    for value in ["12.50", "06:00:%", "1%", "2026"] {
      let lines = (10..<40).map { index in
        "unit=a msg=\"it is up\" t=" + value.map { $0 == "%" ? "\(index)" : "\($0)" }.joined()
      }
      let header = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
      #expect(!header.hasTime, "\(value)")
      #expect(contents(lines) == lines)
    }
  }

  @Test(arguments: [
    ("17629272%.123456789", 123), ("17629272%123", 123), ("17629272%123456", 123),
    ("17629272%123456789", 123),
  ])
  func aNumberOfSecondsOrPartsOfThemIsATime(form: String, milliseconds: Int64) throws {
    for header in ["ts=", ""] {
      let lines = (10..<40).map { index in
        header + form.map { $0 == "%" ? "\(index)" : "\($0)" }.joined() + " level=info msg=up"
      }
      #expect(contents(lines) == lines.map { _ in "level=info msg=up" })
      let recogniser = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
      #expect(
        lines[0].bytes { recogniser.split($0).time } == 1_762_927_210_000 + milliseconds, "\(form)")
    }
  }

  @Test func linesWithoutACommonHeaderAreContent() {
    let lines = ["  hello world ", "nothing here", "5 apples", ""]
    #expect(contents(lines) == ["hello world", "nothing here", "5 apples", ""])
  }

  @Test func aLineWithoutTheHeaderIsContentAsAWhole() {
    var lines = (10..<40).map { "2015-10-18 18:01:\($0) INFO app: up" }
    lines.insert("    at org.example.Main.run(Main.java:5)", at: 7)
    let header = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    #expect(content(lines[7], header) == "at org.example.Main.run(Main.java:5)")
    #expect(content(lines[8], header) == "up")
    let plain = lines[7].bytes { header.split($0).time }
    #expect(plain == nil)
  }

  @Test func theFinestCompleteTimeIsKept() {
    let lines = (0..<9).map { "- 111783857\($0) x 2005-06-03-15.42.5\($0).675872 INFO up" }
    let header = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    #expect(lines[3].bytes { header.split($0).time } == 1_117_813_373_675)
  }

  @Test func anExpressionOverridesWhatIsRecognised() throws {
    let header = try HeaderRecogniser(pattern: #"^<(?<time>[^>]*)>\s*(?<content>.*)$"#)
    let line = "<1970-01-01 00:00:01> hello"
    #expect(content(line, header) == "hello")
    #expect(line.bytes { header.split($0).time } == 1000)
    #expect(content("no header", header) == "no header")
  }

  @Test func anExpressionNeedsAGroupForTheContent() {
    let error = failure { () throws(LogTextError) in try HeaderRecogniser(pattern: "(?<time>x)") }
    #expect(error == .missingGroup(pattern: "(?<time>x)", group: "content"))
    guard
      case .invalidPattern(_, 5, _) = failure({ () throws(LogTextError) in
        try HeaderRecogniser(pattern: "abc(d")
      })
    else {
      Issue.record("an unclosed group compiled")
      return
    }
  }

  @Test func aStoredRecogniserPartsLinesAlike() throws {
    let lines = (10..<40).map { "Jun 14 15:16:\($0) combo sshd[7]: hello & bye; \($0)" }
    let learned = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    let expression = try HeaderRecogniser(pattern: "combo (?<content>.*)")
    for header in [learned, expression, .none] {
      let restored = try HeaderRecogniser(stored: header.stored)
      #expect(restored.stored == header.stored)
      for line in lines {
        #expect(line.bytes { header.split($0) } == line.bytes { restored.split($0) })
      }
    }
    #expect(
      failure { () throws(LogTextError) in try HeaderRecogniser(stored: "layout x & y") } != nil)
    #expect(failure { () throws(LogTextError) in try HeaderRecogniser(stored: "") } != nil)
  }

  @Test func anyBytesCanBeParted() {
    let lines = (10..<40).map { "2015-10-18 18:01:\($0) INFO [main] app: up" }
    let header = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    for length in 0..<lines[0].utf8.count {
      let cut = Array(lines[0].utf8.prefix(length))
      let split = cut.withUnsafeBytes { header.split($0) }
      #expect(split.content.upperBound <= length)
    }
  }

  @Test func timesWithoutTheirZerosAreRead() throws {
    let lines = [
      "20180102-3:4:5:17|Counter|30001|count 12", "20180102-13:44:5:170|Cache|30001|flush",
      "20180102-3:40:55:7|Counter|30001|count 13",
    ].map { Array($0.utf8) }
    let recogniser = HeaderRecogniser(sample: lines)
    for (line, content) in zip(lines, ["count 12", "flush", "count 13"]) {
      line.withUnsafeBytes {
        let split = recogniser.split($0)
        #expect(split.hasHeader)
        #expect(ByteText.string(UnsafeRawBufferPointer(rebasing: $0[split.content])) == content)
      }
    }
  }

  @Test func aClientInParenthesesBelongsToTheComponent() throws {
    let lines = (1...20).map {
      Array("Mar \($0) 01:02:03 host boxd[12] ([\(4000 + $0)]): tool denied".utf8)
    }
    let recogniser = HeaderRecogniser(sample: lines)
    lines[0].withUnsafeBytes {
      let content = recogniser.split($0).content
      #expect(ByteText.string(UnsafeRawBufferPointer(rebasing: $0[content])) == "tool denied")
    }
  }
}
