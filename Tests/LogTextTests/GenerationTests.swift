import Testing

@testable import LogText

/// Templates that are learned after a miner was frozen.
@Suite struct GenerationTests {
  private static let words = ["open", "close", "disk", "node", "pool", "lease", "queue", "peer"]

  private static func lines(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    return (0..<count).map { _ in
      let length = 5 + next(3)
      let text = (0..<length).map { _ in
        next(6) == 0 ? "n\(next(40))" : words[next(words.count)]
      }
      return Array(text.joined(separator: " ").utf8)
    }
  }

  @Test func linesKeepTheirEventsWhenTemplatesAreAdded() throws {
    var miner = TemplateMiner()
    let old = Self.lines(600, seed: 1)
    for line in old { _ = line.withUnsafeBytes { miner.learn($0) } }
    miner.finish()
    // As a model file gives it back.
    var frozen = try TemplateMiner(state: miner.state)
    for generation in 2...4 {
      let every = Self.lines(4_000, seed: 99)
      let before = every.map { line in line.withUnsafeBytes { frozen.match($0) } }
      var overlay = UnseenTemplates(after: frozen, templates: 10_000)
      let new = Self.lines(600, seed: UInt64(generation))
      for line in new { _ = line.withUnsafeBytes { overlay.event(of: $0, trained: frozen) } }
      overlay.finish()
      let events = new.map { line in
        overlay.finalID(of: line.withUnsafeBytes { overlay.event(of: $0, trained: frozen).id })
      }
      let grown = try TemplateMiner(state: frozen.adding(overlay).state)
      #expect(grown.templateCount > frozen.templateCount)
      #expect(before.contains { $0 != nil } && before.contains { $0 == nil })
      for (line, event) in zip(every, before) where event != nil {
        #expect(line.withUnsafeBytes { grown.match($0) } == event)
      }
      for (line, event) in zip(new, events) {
        #expect(line.withUnsafeBytes { grown.match($0) } == event)
      }
      frozen = grown
    }
    #expect(frozen.state.generations.count == 3)
  }

  @Test func nothingNewLeavesTheMinerAsItWas() throws {
    var miner = TemplateMiner()
    for line in Self.lines(50, seed: 1) { _ = line.withUnsafeBytes { miner.learn($0) } }
    #expect(try miner.adding(UnseenTemplates(after: miner)).state == miner.state)
  }

  @Test func generationsOutOfOrderAreRefused() throws {
    var state = TemplateMiner().state
    state.generations = [5]
    #expect(throws: LogTextError.self) { try TemplateMiner(state: state) }
    state.nextID = 9
    state.generations = [5, 4]
    #expect(throws: LogTextError.self) { try TemplateMiner(state: state) }
    state.generations = [4, 5]
    #expect(try TemplateMiner(state: state).state == state)
  }
}
