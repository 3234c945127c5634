import LogText
import Testing

struct TemplateMinerTests {
  @Test func theEndOfAShortQuoteOpensNoOther() {
    var miner = TemplateMiner()
    let head = #"open() "/srv/a.ico" failed "#
    let tail = #", client: 10.0.0.1, server: , request: "GET /a.ico HTTP/1.1", host: "shop""#
    let missing = miner.learn(head + "(2: No such file or directory)" + tail)
    #expect(miner.learn(head + "(13: Permission denied)" + tail) != missing)
  }

  @Test func idsBeginAtOneAndStay() {
    var miner = TemplateMiner()
    #expect(miner.learn("disk full") == 1)
    #expect(miner.learn("link down") == 2)
    #expect(miner.learn("disk full") == 1)
    #expect(
      miner.templates == [
        Template(id: 1, text: "disk full", count: 2), Template(id: 2, text: "link down", count: 1),
      ])
  }

  @Test func matchingLearnsNothing() {
    var miner = TemplateMiner()
    _ = miner.learn("disk 1 full")
    let before = miner.state
    #expect(miner.match("disk 2 full") == 1)
    #expect(miner.match("disk 2 empty") == nil)
    #expect(miner.state == before)
  }

  @Test func aFrozenTemplateDoesNotStretch() {
    var miner = TemplateMiner()
    for name in ["root", "news"] { _ = miner.learn("session opened for user \(name) by pid 7") }
    miner.finish()
    #expect(miner.match("session opened for user bob by pid 7") == nil)
    _ = miner.learn("session opened for user alice by pid 7")
    #expect(miner.match("session opened for user bob by pid 7") == nil)
    miner.finish()
    #expect(miner.match("session opened for user bob by pid 7") == 1)
  }

  @Test func statesAndMethodsStayApart() {
    var miner = TemplateMiner()
    var ids: Set<Int32> = []
    for word in ["Paused", "Resumed", "Started", "Stopped"] {
      ids.insert(miner.learn("[instance: 5] VM \(word) (Lifecycle Event) of host one"))
    }
    for word in ["GET", "POST", "DELETE"] {
      ids.insert(miner.learn("client \"\(word) /x\" status: 200 len: 5 time: 7 with nothing more"))
    }
    #expect(ids.count == 7)
  }

  /// Lines of a small grammar, so that many are alike and few are equal.
  private func lines(_ count: Int) -> [String] {
    var state: UInt64 = 7
    func pick(_ choices: [String]) -> String {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return choices[Int(state >> 33) % choices.count]
    }
    return (0..<count).map { index in
      let words = (0..<6).map { _ in
        pick([
          "alpha", "beta", "gamma", "delta", "x=\(index)", "(10.0.0.\(index % 250))", "run", "é",
          "blk_\(index)",
        ])
      }
      return words.joined(separator: pick([" ", ", ", "  "]))
    }
  }

  @Test func aLearnedLineAlwaysMatchesItsTemplate() throws {
    var miner = TemplateMiner()
    let lines = lines(3000)
    let learned = lines.map { miner.learn($0) }
    #expect(zip(lines, learned).allSatisfy { miner.match($0) == $1 })
    let restored = try TemplateMiner(state: miner.state)
    #expect(zip(lines, learned).allSatisfy { restored.match($0) == $1 })
  }

  @Test func restoringGivesTheSameStateAndGoesOnAlike() throws {
    var miner = TemplateMiner(userTemplates: UserTemplates(lines: ["own <*> line", ""]))
    for line in lines(500) { _ = miner.learn(line) }
    let odd: [UInt8] = [0x61, 0xC3, 0x20, 0x5C, 0x78, 0x07]
    let oddID = odd.withUnsafeBytes { miner.learn($0) }
    var restored = try TemplateMiner(state: miner.state)
    #expect(restored.templates == miner.templates)
    #expect(restored.state == miner.state)
    #expect(odd.withUnsafeBytes { restored.match($0) } == oddID)
    #expect(restored.match("own little line") == 1)
    #expect(restored.learn("something wholly new here") == miner.nextID)
  }

  @Test func counterfeitStatesAreRefused() {
    var miner = TemplateMiner()
    _ = miner.learn("a b")
    _ = miner.learn("c d e")
    let good = miner.state
    var states = [good, good, good, good]
    states[0].templates[1].id = 1
    states[1].nextID = 2
    states[2].templates[0].pattern = "a \\q"
    states[3].exceptions = [.init(pattern: "x", id: 9)]
    for state in states {
      guard
        case .invalidState = failure({ () throws(LogTextError) in try TemplateMiner(state: state) })
      else {
        Issue.record("\(state) was restored")
        continue
      }
    }
  }

  @Test func theLeastUsedTemplateIsForgotten() {
    var miner = TemplateMiner(limits: .init(templates: 3))
    for line in ["one", "two", "three", "one", "four"] { _ = miner.learn(line) }
    #expect(miner.templates.map(\.text) == ["one", "three", "four"])
    #expect(miner.evictedTemplates == 1)
    #expect(miner.match("two") == nil)
    #expect(miner.template(2) == nil)
    #expect(miner.learn("two") == 5)
  }

  @Test func aFloodOfNewLinesStaysBounded() {
    var miner = TemplateMiner(limits: .init(templates: 50, skeletons: 64, skeletonBytes: 4096))
    for index in 0..<5000 {
      let word = String(index, radix: 26).map {
        String(UnicodeScalar(UInt8(97 + Int("\($0)", radix: 26)!)))
      }
      .joined()
      let line = "\(word)q \(word)w \(word)z"
      let id = miner.learn(line)
      #expect(miner.match(line) == id)
    }
    #expect(miner.templateCount == 50)
    #expect(miner.evictedTemplates == 4950)
  }

  @Test func templatesAreBoundedByBytesToo() {
    var miner = TemplateMiner(limits: .init(templateBytes: 100_000))
    for index in 0..<200 {
      let words =
        String(UnicodeScalar(UInt8(97 + index % 26))) + String(repeating: "x", count: index)
      _ = miner.learn(String(repeating: words + " ", count: 20 + index))
    }
    #expect(miner.templateCount < 30)
    #expect(miner.templateCount > 0)
  }

  @Test func theEndOfAVeryLongLineIsOneValue() {
    var miner = TemplateMiner()
    let head = String(repeating: "word ", count: 2000)
    let first = miner.learn(head + "one 1 two")
    #expect(miner.match(head + "three") == first)
    let line = head + "four"
    line.bytes { content in
      let values = miner.parameters(of: content, template: first)
      #expect(values?.map(\.range) == [8192..<content.count])
    }
  }

  @Test func anyBytesAreLearnedAndMatched() {
    var miner = TemplateMiner()
    var state: UInt64 = 3
    for length in 0..<400 {
      let line = (0..<length).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let byte = UInt8(state >> 56)
        // Marks, digits and the wildcard's byte are what scanners trip over.
        return byte < 128 ? Array(" :.-/'\"(),=0123af_@%".utf8)[Int(byte) % 20] : byte | 0xF0
      }
      line.withUnsafeBytes { content in
        let id = miner.learn(content)
        #expect(miner.match(content) == id)
        #expect(miner.parameters(of: content, template: id) != nil)
      }
    }
  }

  @Test func valuesOfAnyLengthShareATemplate() {
    var miner = TemplateMiner()
    let ids = ["", "7", "1.2.3.4", "1.2.3.4,5.6.7.8"].map { miner.learn("from x (\($0)) to y") }
    #expect(Set(ids.dropFirst()).count == 1)
  }
}
