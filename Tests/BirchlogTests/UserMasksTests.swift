import Testing

@testable import Birchlog

struct UserMasksTests {
  private func mask(_ text: String, _ expressions: String...) throws -> UserMasks.MaskedText? {
    let finder = try #require(try UserMasks(expressions).makeFinder())
    var text = text
    return text.withUTF8 { finder.mask(UnsafeRawBufferPointer($0)) }
  }

  @Test func aNumberStandsForEachMatchAndPlacesLeadBackToTheText() throws {
    let masked = try #require(try mask("pool alpha uses beta now", "alpha", "b(?:eta)"))
    #expect(masked.bytes == Array("pool 0 uses 0 now".utf8))
    #expect(masked.source(5..<6) == 5..<10)
    #expect(masked.source(12..<13) == 16..<20)
    #expect(masked.source(7..<11) == 11..<15)
    #expect(masked.source(14..<17) == 21..<24)
  }

  @Test func matchesThatOverlapAreOneValue() throws {
    let masked = try #require(try mask("x abcd y", "abc", "bcd"))
    #expect(masked.bytes == Array("x 0 y".utf8))
    #expect(masked.source(2..<3) == 2..<6)
  }

  @Test func withoutAMatchThereIsNothingToMask() throws {
    #expect(try mask("pool", "alpha") == nil)
    #expect(try UserMasks([]).makeFinder() == nil)
  }

  @Test func aMinerReadsLinesThroughTheMasksAndGivesTheTextThatWasThere() throws {
    let miner = try LineMiner(options: #"{"masks":["(?<=pool )[a-z]+"]}"#)
    var events: Set<Int32> = []
    for pool in ["alpha", "beta", "gamma"] {
      var line = "pool \(pool) is full"
      events.insert(line.withUTF8 { miner.learn(line: UnsafeRawBufferPointer($0)) })
    }
    miner.finish()
    #expect(events.count == 1)
    var line = "pool delta is full"
    let parsed = line.withUTF8 { miner.parse(line: UnsafeRawBufferPointer($0)) }
    #expect(parsed.contains(#""template":"pool <*> is full""#))
    #expect(parsed.contains(#""value":"delta""#))
  }
}
