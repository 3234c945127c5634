import LogText
import Testing

struct HeaderFieldTests {
  private func field(_ name: String, _ lines: [String]) throws -> String? {
    let header = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    let splitter = try header.makeSplitter(field: name)
    return lines[3].bytes { bytes in
      splitter.split(bytes).field.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  private static func lines(_ form: String) -> [String] {
    (10..<60).map { index in form.map { $0 == "%" ? "\(index)" : "\($0)" }.joined() }
  }

  @Test(arguments: [
    ("Jun 14 15:16:% combo sshd(pam_unix)[19%]: check pass", "process", "1913"),
    ("Jun 14 15:16:% combo sshd(pam_unix)[19%]: check pass", "component", "sshd(pam_unix)"),
    ("Jun 14 15:16:% combo sshd(pam_unix)[19%]: check pass", "host", "combo"),
    ("03-17 16:13:38.8%  1702  2% D WindowManager: printing", "process", "1702"),
    ("03-17 16:13:38.8%  1702  2% D WindowManager: printing", "thread", "213"),
    ("2015-10-18 18:01:%,978 INFO [main-%] org.App: started", "thread", "main-13"),
    ("081109 2036% 14% INFO dfs.DataNode: served", "process", "1413"),
    ("2015-10-18 18:01:%,978 INFO [main-%] org.App: started", "level", "INFO"),
  ])
  func partsOfAHeaderAreFoundByName(form: String, name: String, value: String) throws {
    #expect(try field(name, Self.lines(form)) == value)
  }

  @Test func theWordBeforeATimeThatIsAFieldIsNoHost() {
    let lines = Self.lines("level=info ts=2015-10-18T18:01:%Z msg=up")
    let header = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    let error = failure { () throws(LogTextError) in try header.makeSplitter(field: "host") }
    #expect(error == .missingHeaderField(name: "host", found: []))
  }

  @Test func aPartThatTheHeaderLacksIsNamed() throws {
    let lines = Self.lines("2015-10-18 18:01:% INFO text")
    let header = HeaderRecogniser(sample: lines.map { Array($0.utf8) })
    let error = failure { () throws(LogTextError) in try header.makeSplitter(field: "thread") }
    #expect(error == .missingHeaderField(name: "thread", found: ["level"]))
    let none = failure { () throws(LogTextError) in
      try HeaderRecogniser.none.makeSplitter(field: "thread")
    }
    #expect(none == .missingHeaderField(name: "thread", found: []))
  }

  @Test func aGroupOfAnExpressionIsAPart() throws {
    let header = try HeaderRecogniser(pattern: #"^(?<worker>\w+)> (?<content>.*)$"#)
    let splitter = try header.makeSplitter(field: "worker")
    let found = "w7> hello".bytes { bytes in splitter.split(bytes).field }
    #expect(found == 0..<2)
  }

  @Test func aGroupThatTookNoPartOrIsEmptyIsNoPart() throws {
    for pattern in [
      #"^(?<worker>\w+)?> (?<time>\d+ )?(?<content>.*)$"#, #"^(?<worker>\w*)> (?<content>.*)$"#,
    ] {
      let splitter = try HeaderRecogniser(pattern: pattern).makeSplitter(field: "worker")
      let split = "> hello".bytes { bytes in splitter.split(bytes) }
      #expect(split.hasHeader && split.content == 2..<7)
      #expect(split.field == nil && split.time == nil)
    }
  }

  /// The part of its lines that each system's header leaves is what was published as their content.
  @Test(
    .enabled(if: RealLogs.folder != nil),
    arguments: [
      "Apache", "BGL", "HDFS", "Hadoop", "Linux", "OpenStack", "Spark", "Zookeeper",
    ])
  func publishedContentsAreLeft(system: String) throws {
    let folder = try #require(RealLogs.folder) + "/loghub2k/\(system)_2k.log"
    var raw: [[UInt8]] = []
    let source = try LineSource(path: folder)
    while let line = try source.next() { raw.append(Array(line.bytes)) }
    let table = try TextReader(
      LineSource(path: folder + "_structured.csv"), format: .structuredCSV)
    let splitter = try HeaderRecogniser(sample: raw).makeSplitter()
    var equal = 0
    for line in raw {
      let record = try #require(try table.next())
      line.withUnsafeBytes { bytes in
        let content = bytes[splitter.split(bytes).content]
        var text = record.text[...]
        while let last = text.last, last == 0x20 { text = text.dropLast() }
        if content.elementsEqual(text) { equal += 1 }
      }
    }
    let share = Double(equal) / Double(raw.count)
    print("content of \(system): \(share)")
    #expect(share >= 0.9)
  }
}
