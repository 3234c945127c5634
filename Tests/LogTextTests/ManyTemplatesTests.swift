import Testing

@testable import LogText

/// A log in which hardly a line is like another.
@Suite struct ManyTemplatesTests {
  /// Words of letters only, different for every number.
  private func word(_ number: Int) -> String {
    var rest = number
    var letters = ""
    for _ in 0..<6 {
      letters.unicodeScalars.append(Unicode.Scalar(UInt8(0x61 + rest % 26)))
      rest /= 26
    }
    return letters
  }

  @Test func distinctLinesAreForgottenWithinTheBounds() {
    let limits = TemplateMiner.Limits(
      templates: 500, templateBytes: 1 << 20, skeletons: 2000, skeletonBytes: 1 << 16)
    var miner = TemplateMiner(limits: limits)
    let count = 20_000
    for number in 0..<count {
      // Words and marks in places of their own, so that nothing can be merged.
      let line = (0..<(2 + number % 40)).map { word(number * 41 + $0) }.joined(separator: " ")
      _ = Array(line.utf8).withUnsafeBytes { miner.learn($0) }
    }
    #expect(miner.templateCount <= 500)
    #expect(miner.slots.count <= 501)
    #expect(miner.recent.count + miner.earlier.count <= 2001)
    #expect(miner.recent.size + miner.earlier.size <= (1 << 16) + 1024)
    #expect(miner.evictedTemplates + miner.mergedEvents.count + miner.templateCount > 10_000)
    // What comes after is learned as ever.
    let known = Array("connection from 10.0.0.1 closed".utf8)
    let event = known.withUnsafeBytes { miner.learn($0) }
    #expect(known.withUnsafeBytes { miner.match($0) } == event)
  }

  @Test func theTemplateUnusedForLongestIsForgotten() {
    var miner = TemplateMiner(limits: .init(templates: 3))
    // Marks differ, so that nothing is merged or compared.
    let lines = [
      "alpha one (two)", "beta one [two]", "gamma one {two}", "delta, one two", "eta; one",
    ]
    var events: [Int32] = []
    for line in lines[..<3] { events.append(miner.learn(line)) }
    #expect(miner.learn(lines[0]) == events[0])
    _ = miner.learn(lines[3])
    #expect(miner.match(lines[1]) == nil)
    #expect(miner.match(lines[0]) == events[0])
    #expect(miner.learn(lines[0]) == events[0])
    #expect(miner.learn(lines[2]) == events[2])
    // The fourth is the oldest now, though the others were there before it.
    _ = miner.learn(lines[4])
    #expect(miner.match(lines[3]) == nil)
    #expect(miner.match(lines[0]) == events[0])
    #expect(miner.match(lines[2]) == events[2])
    #expect(miner.evictedTemplates == 2)
  }

  @Test func batchesGiveTheEventsOfTheirLines() {
    var single = TemplateMiner()
    var batched = TemplateMiner()
    var batch = SkeletonBatch(userTemplates: single.userTemplates)
    for part in 0..<4 {
      batch.removeAll()
      for number in 0..<600 {
        // Half of the forms come in two parts. Their words are their own; the other lines differ in one word, which is a value.
        let form = part % 2 * 600 + number
        let own = (0..<3).map { word(form * 3 + $0) }
        for line in [
          "\(own[0]) asked \(own[1]) for \(number) of \(own[2])",
          "user \(word(number % 40)) asked for \(number)",
        ] {
          _ = single.learn(line)
          line.bytes { batch.add($0) }
        }
      }
      batched.learn(batch)
    }
    single.finish()
    batched.finish()
    #expect(batched.templates == single.templates)
    #expect(batched.state == single.state)
    #expect(single.templateCount == 1201)
  }
}
