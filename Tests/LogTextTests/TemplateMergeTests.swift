import LogText
import Testing

/// What is one template and what is two, decided after the lines were seen.
struct TemplateMergeTests {
  /// The final events of lines.
  private func events(_ lines: [String]) -> [Int32] {
    var miner = TemplateMiner()
    let events = lines.map { miner.learn($0) }
    miner.finish()
    return events.map { miner.finalID(of: $0) }
  }

  /// Words without a digit: different for every index below 676.
  private func word(_ index: Int) -> String {
    func letter(_ value: Int) -> Character { Character(UnicodeScalar(UInt8(97 + value % 26))) }
    return String([letter(index / 26), letter(index), letter(index / 3)]) + "ola"
  }

  @Test func wordsThatSayWhatHappenedStayApart() {
    let pairs = [
      ("Found block rdd_1 in cache", "Missed block rdd_1 in cache"),
      ("canceling statement due to lock timeout", "canceling statement due to statement timeout"),
      ("Took 1.5 seconds to spawn the instance", "Took 1.5 seconds to destroy the instance"),
      ("vcpu limit not specified, unlimited", "disk limit not specified, unlimited"),
    ]
    for (first, second) in pairs {
      let lines = (0..<50).flatMap { _ in [first, second] }
      #expect(Set(events(lines)).count == 2, "\(first)")
    }
  }

  @Test func manyWordsAtAPlaceAreValues() {
    #expect(Set(events((0..<12).map { "worker \(word($0)) joined the pool" })).count == 1)
    #expect(Set(events((0..<5).map { "worker \(word($0)) joined the pool" })).count == 5)
    #expect(Set(events((0..<6).map { "the owner=\(word($0)) joined the pool" })).count == 1)
  }

  @Test func theMessageOfALineOfFieldsIsNoValue() {
    let words = ["cache", "disk", "index", "queue", "lease"]
    func differ(_ line: (String) -> String) -> Int { Set(events(words.map(line))).count }
    #expect(differ { "level=info msg=\($0) unit=a" } == 5)
    #expect(differ { "level=info msg=\"\($0) lost\" unit=a" } == 5)
    #expect(differ { "level=info msg=lost unit=\($0)" } == 1)
    #expect(differ { "level=info msg=lost unit=\"\($0) here\"" } == 1)
  }

  @Test func identifiersWithoutDigitsBelongToThoseOfTheirPrefix() {
    // Of random identifiers of 14 letters and digits in both cases one in twelve has no digit.
    let stripe = ["NffrFeUfNVHibq", "QwkdLpOmZxvBnR", "aKsDjFhGqWeRtY", "1MtHbELkdIwHu7"]
    #expect(Set(events(stripe.map { "paid cus_\($0)" })).count == 1)
    #expect(Set(events(["7f3a", "feed", "abed", "cafe"].map { "took tx-\($0) over" })).count == 1)
  }

  @Test func wordsBehindThePrefixOfAValueStayApart() {
    let jobs = ["17", "cleaning", "collection", "validation", "reading"]
    #expect(Set(events(jobs.map { "began job-\($0) at night" })).count == 5)
    #expect(Set(events(["17", "feed", "cache"].map { "began node-\($0) at night" })).count == 3)
  }

  @Test func aTemplateMayBeginWithAValue() {
    #expect(Set(events((0..<40).map { "\(word($0)) joined the pool of workers" })).count == 1)
  }

  @Test func twoPlacesMayVaryAtOnce() {
    let lines = (0..<30).map { "moved \(word($0)) over to \(word($0 + 100)) in the night" }
    #expect(Set(events(lines)).count == 1)
  }

  @Test func namesBehindTheirNounAreValuesEarly() {
    for quote in ["", "\"", "'"] {
      let lines = ["root", "news", "cyrus"].map { "login failed for user \(quote)\($0)\(quote)" }
      #expect(Set(events(lines)).count == 1)
    }
  }

  @Test func linesWithNothingInCommonStayApart() {
    #expect(Set(events((0..<40).map { "\(word($0)) \(word($0 + 100))" })).count == 40)
    #expect(Set(events((0..<40).map { word($0) })).count == 40)
  }

  @Test func mergedEventsKeepTheFirstId() {
    var miner = TemplateMiner()
    let ids = (0..<12).map { miner.learn("worker \(word($0)) joined the pool") }
    let other = miner.learn("disk full")
    #expect(ids == Array(1...12))
    miner.finish()
    #expect(ids.allSatisfy { miner.finalID(of: $0) == 1 })
    #expect(miner.finalID(of: other) == other)
    #expect(miner.finalID(of: 99) == 99)
    #expect(miner.mergedEvents.count == 11)
    #expect(miner.templates.map(\.count) == [12, 1])
    #expect(miner.template(7)?.text == "worker <*> joined the pool")
  }

  @Test func mergesComeWithTheLinesToo() {
    var miner = TemplateMiner()
    for index in 0..<676 { _ = miner.learn("worker \(word(index)) joined the pool") }
    #expect(miner.templateCount == 1)
  }

  @Test func theSameLinesGiveTheSameTemplates() {
    let lines = (0..<2000).map { index in
      "task \(word(index % 300)) of \(word(index % 7 * 50)) \(["ran", "failed", "hung"][index % 3])"
    }
    func state() -> TemplateMiner.State {
      var miner = TemplateMiner()
      for line in lines { _ = miner.learn(line) }
      miner.finish()
      return miner.state
    }
    #expect(state() == state())
  }

  @Test func aStateKeepsMerges() throws {
    var miner = TemplateMiner()
    for index in 0..<12 { _ = miner.learn("worker \(word(index)) joined the pool") }
    miner.finish()
    let restored = try TemplateMiner(state: miner.state)
    #expect(restored.finalID(of: 9) == 1)
    var state = miner.state
    state.merged[3] = 5
    guard
      case .invalidState = failure({ () throws(LogTextError) in try TemplateMiner(state: state) })
    else {
      Issue.record("a merge into a later event was restored")
      return
    }
  }

  @Test func whoComesFromSomewhereIsAName() {
    let lines = ["alice", "bob", "carol"].map { "Refused key for \($0) from 10.0.0.7 twice" }
    #expect(Set(events(lines)).count == 1)
    let purposes = ["backup", "reading", "audit"].map { "Opened file for \($0) at 10.0.0.7 twice" }
    #expect(Set(events(purposes)).count == 3)
  }

  @Test func starsStandForAValue() {
    #expect(Set(events(["Speeds ( 3100 3200 )", "Speeds ( **** 3300 )"])).count == 1)
  }

  @Test func aSizeSaidOnceMoreIsNoPartOfTheForm() {
    let lines = [
      "closed, 17 bytes sent, 90 bytes, done", "closed, 1165 bytes (1.13 KB) sent, 90 bytes, done",
      "closed, 17 bytes sent, 96256 bytes (94.0 KB), done",
    ]
    #expect(Set(events(lines)).count == 1)
    #expect(Set(events(["read 17 bytes (all) now", "read 17 bytes now"])).count == 2)
  }
}
