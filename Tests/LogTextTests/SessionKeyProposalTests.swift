import Testing

@testable import LogText

struct SessionKeyProposalTests {
  private func search(_ lines: [String]) throws -> SessionKeyProposal.Outcome {
    let reader = try TextReader(
      LineSource(of: lines.joined(separator: "\n")), format: .text,
      header: HeaderRecogniser(sample: lines.prefix(2000).map { Array($0.utf8) }))
    return try SessionKeyProposal.search(reader, limit: 20_000)
  }

  /// Sessions that take turns, each with the same steps, behind a header.
  private func sessions(_ count: Int, open: Int = 5, line: (Int, Int) -> String) -> [String] {
    var lines: [String] = []
    var active: [(id: Int, step: Int)] = []
    var next = 0
    while next < count || !active.isEmpty {
      while next < count, active.count < open {
        active.append((next, 0))
        next += 1
      }
      // The rest by which they take turns is arbitrary but fixed.
      let turn = (lines.count * 7) % active.count
      let second = lines.count % 60
      lines.append(
        "2025-03-05 08:\(10 + lines.count / 60 % 50):\(second < 10 ? "0" : "")\(second) INFO app: "
          + line(active[turn].id, active[turn].step))
      active[turn].step += 1
      if active[turn].step == 4 { active.remove(at: turn) }
    }
    return lines
  }

  private static let steps = ["received order", "reserved 3 items", "paid", "sent answer 201"]

  private func pattern(_ outcome: SessionKeyProposal.Outcome) -> String? {
    if case .found(let found) = outcome { found.pattern } else { nil }
  }

  @Test(arguments: [
    ("[req-%] ", 8), ("blk_-% ", 10), ("*% ", 10), ("sid=% ", 16), ("#% ", 10), ("job_17_% ", 10),
  ])
  func anIdentifierOfSessionsIsFound(mark: String, radix: Int) throws {
    let lines = sessions(300) { id, step in
      let text = String(0x1a2b_0000 + id * 7919, radix: radix)
      return mark.map { $0 == "%" ? text : "\($0)" }.joined() + Self.steps[step]
    }
    let outcome = try search(lines)
    let found = try #require(pattern(outcome))
    let finder = try SessionKeyPattern(found).makeFinder()
    var keys: Set<String> = []
    for line in lines {
      line.bytes { bytes in
        let ranges = finder.keys(in: bytes)
        #expect(ranges.count == 1)
        for range in ranges { keys.insert(String(decoding: bytes[range], as: UTF8.self)) }
      }
    }
    #expect(keys.count == 300)
  }

  @Test(arguments: [("[req-%] ", 8, 0), ("[req-%] ", 8, 0x10000), ("rid=% ", 6, 0), ("*% ", 12, 0)])
  func aHexadecimalCounterWithZerosBeforeItIsFound(mark: String, width: Int, first: Int) throws {
    func key(_ id: Int) -> String {
      let text = String(first + id, radix: 16)
      return String(repeating: "0", count: width - text.count) + text
    }
    func begin(_ id: Int) -> String {
      mark.map { $0 == "%" ? key(id) : "\($0)" }.joined()
    }
    let lines = sessions(300) { id, step in begin(id) + Self.steps[step] }
    let found = try #require(pattern(try search(lines)))
    let finder = try SessionKeyPattern(found).makeFinder()
    for line in lines + [0x9_9999, 0xa_bcde, 0xf_ffff].map({ begin($0) + "paid" }) {
      #expect(line.bytes { finder.keys(in: $0).count } == 1, "\(line)")
    }
    guard case .found(let proposal) = try search(lines) else { return }
    #expect(proposal.values == 300)
    #expect(proposal.coverage == 1)
  }

  @Test func aDecimalCounterStaysDecimalBesideLongerHexadecimalNumbers() throws {
    let lines = sessions(300) { id, step in
      "req-\(10_000 + id) \(Self.steps[step])" + (id % 3 == 0 ? " of req-\(0xbeef_0000 + id)" : "")
    }
    #expect(pattern(try search(lines))?.contains(#"req-\d+"#) == true)
  }

  @Test func aDecimalNumberIsNotTakenForAnIdentifierWithADot() throws {
    let lines = sessions(300) { id, step in
      let key = String(0x58b0_e000 + id, radix: 16) + "." + String(0x1a00 + id, radix: 16)
      return "\(key) \(Self.steps[step]) in \(id % 17).\(100 + id) ms"
    }
    let found = try #require(pattern(try search(lines)))
    let finder = try SessionKeyPattern(found).makeFinder()
    #expect(lines.allSatisfy { $0.bytes { finder.keys(in: $0).count } == 1 })
  }

  @Test func whatIsNoSessionIsNotProposed() throws {
    // Hosts and pool threads come again and again; a counter is on one line each; addresses are not looked at.
    let hosts = sessions(300) { id, step in "node-\(id % 20) \(Self.steps[step])" }
    let counter = (0..<1200).map {
      "2025-03-05 08:10:11 INFO app: item=\($0) \(Self.steps[$0 % 4])"
    }
    let address = sessions(300) { id, step in "10.0.\(id / 250).\(id % 250) \(Self.steps[step])" }
    let alike = sessions(300) { id, _ in "req-\(10_000 + id) polled" }
    for lines in [hosts, counter, address, alike, ["one line"], []] {
      #expect(pattern(try search(lines)) == nil)
    }
  }

  @Test func whatTheLikeliestIdentifierLacksIsSaid() throws {
    let lines = sessions(300) { id, _ in "req-\(10_000 + id) polled" }
    guard case .none(let likeliest?, let lack?) = try search(lines) else {
      Issue.record("nothing was said")
      return
    }
    #expect(likeliest.pattern.contains("req-"))
    #expect(lack == "the lines of a value are all alike")
  }

  @Test func valuesWithEqualEndsAreJudgedAlikeInEveryRun() {
    // Each hash table has an order of its own.
    let tables = (0..<8).map { _ in
      var values = SessionKeyValues()
      for number in 0..<200 {
        let key = Array("k\(number)".utf8)
        for line in 0..<12 where line == 0 || line == 11 || (number >> (line % 8)) % 2 == 0 {
          values.add(key, kind: Int32(line * number % 7), line: line, isFirst: true)
        }
      }
      return values
    }
    #expect(Set(tables.map { SessionKeyStatistics($0, lines: 12).orderGain }).count == 1)
  }

  @Test func aFieldIsJudgedAsAnIdentifierInATextIs() throws {
    let lines = sessions(300) { id, step in "k=\(id) " + Self.steps[step] }.enumerated().map {
      number, line in
      let id = line.split(separator: "=")[1].prefix { $0 != " " }
      let text = line.split(separator: " ").suffix(2).joined(separator: " ")
      return
        #"{"ts":"2025-03-05T08:10:00Z","n":\#(number),"host":"web-\#(number % 3)","msg":"\#(text)","ctx":{"id":"r\#(id)"}}"#
    }
    let outcome = try SessionKeyProposal.search(
      TextReader(LineSource(of: lines.joined(separator: "\n")), format: .jsonLines), limit: 20_000)
    guard case .found(let found) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(found.field == "ctx.id")
    #expect(found.values == 300)
    #expect(found.coverage == 1)
  }

  /// A mail server's log: daemons that serve many messages each, connections without a message, and ids of other servers.
  private func mail(_ count: Int, hasProcess: Bool, id: (Int) -> String) -> [String] {
    let steps = [
      ("smtpd", "client=mx.example.org"), ("cleanup", "message-id=<x>"),
      ("qmgr", "from=<a@b>, queue active"), ("smtp", "status=sent (250 Ok: queued as %)"),
      ("qmgr", "removed"),
    ]
    var lines: [String] = []
    func say(_ daemon: String, _ text: String) {
      let process = hasProcess ? "[\(800 + lines.count / 180 * 7 + daemon.utf8.count)]" : ""
      let second = lines.count % 60
      lines.append(
        "Mar  5 08:\(10 + lines.count / 60 % 50):\(second < 10 ? "0" : "")\(second) mx1 postfix/\(daemon)\(process): \(text)"
      )
    }
    for message in 0..<count + 4 {
      say("smtpd", "connect from mx.example.org")
      // Five messages are on their way at a time.
      for (back, step) in steps.enumerated() where (0..<count).contains(message - back) {
        let text = step.1.split(separator: "%", omittingEmptySubsequences: false)
        say(
          step.0, "\(id(message - back)): \(text.joined(separator: id(1_000_000 + message)))")
      }
      say("smtpd", "disconnect from mx.example.org commands=6")
    }
    return lines
  }

  @Test(arguments: [true, false], [true, false])
  func whatStandsBetweenProcessAndTextGoesBeforeTheProcess(hasProcess: Bool, isLong: Bool) throws {
    func id(_ number: Int) -> String {
      let mixed = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
      guard isLong else { return String(0x8_0000_0000 | mixed >> 30, radix: 16, uppercase: true) }
      return "4" + String(mixed >> 8 | 1 << 55, radix: 32) + "z" + String(number % 90 + 10)
    }
    let lines = mail(400, hasProcess: hasProcess, id: id)
    let found = try #require(pattern(try search(lines)))
    let finder = try SessionKeyPattern(found).makeFinder()
    var keys: Set<String> = []
    for line in lines {
      line.bytes { bytes in
        for range in finder.keys(in: bytes) {
          keys.insert(String(decoding: bytes[range], as: UTF8.self))
        }
      }
    }
    #expect(keys == Set((0..<400).map(id)))
  }

  @Test func aProcessThatIsTheSessionIsFoundBesideIdentifiersOfOneLine() throws {
    let lines = sessions(300) { id, step in
      "sshd[\(2000 + id * 3)]: " + Self.steps[step]
        + (step == 3 ? " queued as \(String(0xBEEF_0000 + id * 7919, radix: 16))" : "")
    }
    #expect(pattern(try search(lines)) == #"[\w)]\[(\d+)\]"#)
  }

  @Test func aMixtureOfLettersAndDigitsIsAnIdentifierAndAQuantityIsNone() throws {
    let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    func word(_ number: Int, _ length: Int) -> String {
      var rest = UInt64(number + 7) &* 0x9E37_79B9_7F4A_7C15
      return (0..<length).reduce(into: "") { text, _ in
        text.append(digits[Int(rest % 62)])
        rest /= 62
      }
    }
    let queued = sessions(300) { id, step in
      "1\(word(id, 5))-0000\(word(id * 3, 2))-\(word(id * 5, 2)) \(Self.steps[step])"
    }
    let found = try #require(pattern(try search(queued)))
    let finder = try SessionKeyPattern(found).makeFinder()
    #expect(queued.allSatisfy { $0.bytes { finder.keys(in: $0).count } == 1 })
    #expect("a well-known state-of-the-art thing".bytes { finder.keys(in: $0) }.isEmpty)
    let sized = sessions(300) { id, step in "size=\(10_000 + id)kB \(Self.steps[step])" }
    #expect(pattern(try search(sized)) == nil)
  }

  @Test(arguments: [true, false])
  func longSessionsOfWhichNoTwoAreAlikeAreFoundByTheirOrder(isOrdered: Bool) throws {
    let verbs = ["open", "read", "lock", "sort", "send", "pack"]
    var lines: [String] = []
    for id in 0..<200 {
      // Half of sixty steps, another half in each session.
      func mixed(_ step: Int) -> UInt64 {
        let product = UInt64(id * 60 + step + 1) &* 0x9E37_79B9_7F4A_7C15
        return ((product ^ (product >> 29)) &* 0xBF58_476D_1CE4_E5B9) >> 32
      }
      var steps = (0..<60).filter { mixed($0).isMultiple(of: 2) }
      if !isOrdered { steps.sort { mixed($0) < mixed($1) } }
      for step in steps {
        let text = String(repeating: "again ", count: step / 6) + verbs[step % 6]
        lines.append("2025-03-05 08:10:11 INFO app: req-\(10_000 + id) \(text)")
      }
    }
    #expect((pattern(try search(lines)) != nil) == isOrdered)
  }

  @Test func anIdentifierOnAThirdOfTheLinesIsFoundWhereItsOrderTellsMuch() throws {
    let steps = ["accepted", "looked up", "charged", "packed", "shipped", "closed"]
    var lines: [String] = []
    for id in 0..<300 {
      for step in steps {
        lines.append("2025-03-05 08:10:11 INFO app: req-\(10_000 + id) \(step)")
        lines.append("2025-03-05 08:10:11 INFO app: pool is idle")
        lines.append("2025-03-05 08:10:11 INFO app: cache is warm")
      }
    }
    guard case .found(let found) = try search(lines) else {
      Issue.record("nothing was found")
      return
    }
    #expect(found.values == 300)
    #expect(found.coverage < 0.34)
  }
}
