import Testing

@testable import Birchlog

@Suite struct KindOrderTests {
  @Test func numbersAtTheEndAreComparedAsNumbers() {
    let kinds = ["unknown", "k10", "k2", "k1", "disk full", "k99999999999999999999"]
    #expect(
      kinds.sorted(by: KindOrder.precedes)
        == ["disk full", "k99999999999999999999", "k1", "k2", "k10", "unknown"])
  }
}
