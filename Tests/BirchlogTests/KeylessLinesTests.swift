import LogText
import Testing

@testable import Birchlog

@Suite struct KeylessLinesTests {
  private static func add(
    _ text: String, to lines: inout KeylessLines, count: Int = 1, event: Int32, isNew: Bool = true
  ) {
    Array(text.utf8).withUnsafeBytes { lines.add($0, lines: count, event: event, isNew: isNew) }
  }

  @Test func linesAreCountedByWhatTheyBecome() {
    var lines = KeylessLines()
    Self.add("known", to: &lines, count: 7, event: 1, isNew: false)
    #expect(!lines.hasNew)
    Self.add("a", to: &lines, event: 2)
    Self.add("b", to: &lines, count: 2, event: 3)
    Self.add("c", to: &lines, count: 2, event: 4)
    Self.add("d", to: &lines, event: 3)
    #expect(lines.count == 13 && lines.example == Array("known".utf8))
    // 4 was merged into 2, 3 is known after all.
    let new = lines.novelty(final: { $0 == 4 ? 2 : $0 }, isKnown: { $0 == 3 })
    #expect(new.lines == 3 && new.events == 1 && new.example == Array("a".utf8))
    let all = lines.novelty(final: { $0 })
    #expect(all.lines == 6 && all.events == 3 && all.example == Array("b".utf8))
  }

  @Test func memoryIsBoundedAndTheCountExact() {
    var lines = KeylessLines()
    let long = String(repeating: "x", count: 5_000)
    for event in 0..<Int32(2 * KeylessLines.eventLimit) {
      Self.add(long, to: &lines, count: 2, event: event)
      #expect(lines.isComplete == (event < KeylessLines.eventLimit))
    }
    #expect(lines.events.count == KeylessLines.eventLimit)
    #expect(lines.count == 4 * KeylessLines.eventLimit)
    #expect(lines.events.values.allSatisfy { $0.example.count < 130 })
  }

  @Test func anExampleStandsInASentenceOfOneLine() {
    #expect(KeylessLines.printable(Array("a\tb\u{1B}[1m\u{2028}c".utf8)) == "a b [1m c")
    #expect(KeylessLines.printable(Array("äöü".utf8), limit: 6) == "äöü")
    // The cut parts the last letter.
    #expect(KeylessLines.printable(Array("äöü".utf8), limit: 5) == "äö…")
    var lines = KeylessLines()
    Self.add(String(repeating: "y", count: 500) + "\n", to: &lines, event: 1)
    let sentence = lines.sentence(of: 10, key: "k=(.)", option: "session")
    #expect(sentence.contains("1 of 10 lines has no session key \"k=(.)\""))
    #expect(sentence.contains("yyy…\""))
    #expect(sentence.count < 400 && !sentence.contains("\n"))
  }

  @Test func whatTheModelFileStoresIsReadBack() throws {
    var events = KeylessEvents(isClean: true)
    events.events = [3, 1, 70_000]
    #expect(KeylessEvents(stored: events.stored) == events)
    for damaged in [
      "null", "{}", "{\"events\":[1],\"clean\":3}", "{\"events\":[\"a\"],\"clean\":true}",
    ] {
      #expect(KeylessEvents(stored: try JSONValue(parsing: damaged)) == nil)
    }
    var model = LineModel(miner: TemplateMiner(userTemplates: try UserTemplates(lines: [])))
    let untold = model.miner?.nextID ?? 0
    // A model that does not know takes what it has a template for as usual.
    #expect(model.knowsKeyless(untold - 1) && !model.knowsKeyless(untold))
    model.keyless = events
    #expect(model.knowsKeyless(3) && !model.knowsKeyless(2))
    #expect(LineModel(stored: model.stored)?.keyless == events)
  }
}

/// What is said, and when, of lines that belong to no session.
@Suite struct KeylessTrainingTests {
  private static let options =
    "{\"hidden_size\": 16, \"epochs\": 2, \"threads\": 1, \"session\": \"id=(\\\\w+)\"}"

  private static let banner = "Server of the shop is coming up"
  private static let fault = "kernel: Out of memory, process 77 was killed"

  /// Sessions of three or four lines, and lines without a key among them, each behind so many sessions.
  private static func log(
    _ name: String, _ count: Int = 60, every: Int = 20, keyless: [String] = []
  ) -> [UInt8] {
    var text = ""
    for number in 0..<count {
      for step in ["begins", "checks", number % 2 == 0 ? "writes" : "reads", "ends"] {
        text += "id=\(name)\(number) the request \(step)\n"
      }
      if number % every == every - 1 { text += keyless.map { $0 + "\n" }.joined() }
    }
    return Array(text.utf8)
  }

  private static func trained(normal: [UInt8]?, mixed: [UInt8]?) throws -> Model {
    try trainer(options, normal: normal, mixed: mixed).run { _ in true }
  }

  private static func updated(
    _ base: Model, normal: [UInt8]?, mixed: [UInt8]?
  ) throws -> Model {
    try trainer("{\"threads\": 1}", normal: normal, mixed: mixed).update(base) { _ in true }
  }

  private static func trainer(
    _ options: String, normal: [UInt8]?, mixed: [UInt8]?
  ) throws -> Trainer {
    let trainer = try Trainer(options: options)
    if let normal { trainer.add(lines: normal, isNormal: true) }
    if let mixed { trainer.add(lines: mixed, isNormal: false) }
    return trainer
  }

  private static func told(_ model: Model) -> [String] {
    model.record.warnings.filter { $0.contains("no session key") }
  }

  @Test func whatCleanInputNeverSaidWithoutAKeyIsTold() throws {
    let model = try Self.trained(
      normal: Self.log("a", keyless: [Self.banner]),
      mixed: Self.log("b", keyless: [Self.banner, Self.fault]))
    let warning = try #require(Self.told(model).first)
    #expect(warning.contains("9 of 489 lines have no session key"))
    #expect(
      warning.contains("3 of them (1 template) say what no such line said in the clean input"))
    #expect(warning.contains("\"\(Self.fault)\"") && !warning.contains(Self.banner))
    #expect(warning.contains("\"unit\": \"window\"") && warning.contains("\"session\""))
    #expect(model.record.lines == 489 && model.record.keylessLines == 9)
    #expect(model.lines.keyless?.events.count == 1 && model.lines.keyless?.isClean == true)
  }

  @Test func aFewLinesThatCleanInputHasTooAreNotTold() throws {
    let model = try Self.trained(
      normal: Self.log("a", 120, every: 60, keyless: [Self.banner]),
      mixed: Self.log("b", 120, every: 60, keyless: [Self.banner]))
    #expect(model.record.keylessLines == 4)
    #expect(Self.told(model).isEmpty)
  }

  @Test func aLargePartIsToldWhateverItSays() throws {
    for (normal, mixed) in [
      (
        Self.log("a", every: 5, keyless: [Self.banner]),
        Self.log("b", every: 5, keyless: [Self.banner])
      ),
      (nil, Self.log("b", every: 5, keyless: [Self.banner])),
    ] {
      let warning = try #require(Self.told(try Self.trained(normal: normal, mixed: mixed)).first)
      #expect(warning.contains("lines have no session key \"id=(\\w+)\""))
      #expect(warning.contains(Self.banner) && warning.contains("Keys look like"))
    }
  }

  @Test func anUpdateTellsWhatIsNewAndLearnsItFromCleanInput() throws {
    let base = try Self.trained(normal: Self.log("a"), mixed: Self.log("b"))
    #expect(base.lines.keyless == KeylessEvents(isClean: true))
    let fault = Self.log("c", every: 60, keyless: [Self.fault])
    let model = try Self.updated(base, normal: nil, mixed: fault)
    let warning = try #require(Self.told(model).first)
    #expect(warning.contains("1 of 241 lines has no session key"))
    #expect(warning.contains("it says what no such line said in training"))
    #expect(warning.contains("train anew"))
    #expect(model.lines.keyless?.events.isEmpty == true)
    let later = try Self.updated(model, normal: fault, mixed: nil)
    #expect(Self.told(later).isEmpty)
    #expect(later.lines.keyless?.events.count == 1)
    #expect(try Self.told(Self.updated(later, normal: nil, mixed: fault)).isEmpty)
  }

  @Test func withoutCleanInputAllThatWasReadIsUsual() throws {
    let model = try Self.trained(
      normal: nil, mixed: Self.log("b", every: 60, keyless: [Self.banner]))
    #expect(Self.told(model).isEmpty)
    #expect(model.lines.keyless?.events.count == 1 && model.lines.keyless?.isClean == false)
    let updated = try Self.updated(
      model, normal: nil, mixed: Self.log("c", every: 60, keyless: [Self.fault]))
    #expect(Self.told(updated).count == 1)
    #expect(updated.lines.keyless?.events.count == 2)
  }

  @Test func aRefitTellsToo() throws {
    let base = try Self.trained(normal: Self.log("a"), mixed: Self.log("b"))
    let mixed = Self.log("c", keyless: [Self.fault])
    let model = try Self.trainer("{\"threads\": 1}", normal: nil, mixed: mixed)
      .refit(base) { _ in true }
    #expect(Self.told(model).first?.contains(Self.fault) == true)
    #expect(model.record.keylessLines == 3)
    #expect(model.lines.keyless == base.lines.keyless)
  }
}

@Suite struct RecordFieldsTests {
  private static func fields(
    _ text: String, _ format: InputFormat, pattern: String? = "req-(\\d+)"
  ) -> RecordFields {
    Array(text.utf8).withUnsafeBytes {
      RecordFields($0, format: format, names: FieldNames(), pattern: pattern)
    }
  }

  @Test func theFieldThatHoldsTheKeyIsNamed() {
    let records = (0..<9).map {
      "{\"level\":\"INFO\",\"ctx\":{\"id\":\"req-\($0)\"},\"seen\":\($0 < 2 ? "\"req-7\"" : "0"),\"msg\":\"goes on\"}\n"
    }.joined()
    let found = Self.fields(records, .jsonLines)
    #expect(found.keyed == "ctx.id")
    #expect(found.cure("session").contains("\"session_field\": \"ctx.id\""))
    #expect(found.sentence.contains("level, ctx.id, seen, msg"))
    let none = Self.fields(records, .jsonLines, pattern: "id=(\\d+)")
    #expect(none.keyed == nil && none.cure("session").contains("session_field"))
    #expect(none.cure("session_field") == "correct \"session_field\"")
    let table = Self.fields(
      "Level,Request,Content\nINFO,req-1,goes on\nINFO,req-2,ends\n", .structuredCSV)
    #expect(table.keyed == "Request")
  }

  @Test func linesOfTextHaveNoFields() {
    let none = Self.fields("req-1 goes on\n", .text)
    #expect(none.names.isEmpty && none.sentence.isEmpty)
    #expect(none.cure("session") == "correct \"session\"")
  }
}
