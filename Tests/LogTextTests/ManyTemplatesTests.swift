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
}
