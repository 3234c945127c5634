import Testing

@testable import Birchlog

@Suite struct BeginningTests {
  private let both: [Float] = [0.1, 0.7, 0.7, 0]

  @Test func whatIsYetToComeSpeaksAgainstNoKind() {
    let beginning: [Float] = [0.14, 0.99, 0, 0]
    #expect(distance(beginning, both) > 0.7)
    #expect(Beginning.distance(beginning, from: both) < 0.01)
  }

  @Test func whatAKindNeverShowsDoes() {
    #expect(Beginning.distance([0.1, 0.7, 0, 0.7], from: both) > 0.7)
    #expect(Beginning.distance([0, 0, 0, 1], from: both) > 1)
  }
}
