import Testing

@testable import LogText

@Suite struct EqualKeysTests {
  @Test func differentKeysMakeNoGroups() {
    var equal = EqualKeys()
    #expect(equal.groups(of: []).isEmpty)
    // All fall into one bucket.
    #expect(equal.groups(of: (0..<500).map { UInt64($0) << 32 }).isEmpty)
  }

  @Test func equalKeysAreTogetherInTheOrderOfTheirFirst() {
    var equal = EqualKeys()
    #expect(equal.groups(of: [7, 0, 9, 7, 0, 7, 1]) == [[0, 3, 5], [1, 4]])
    #expect(equal.groups(of: [1, 2, 3, 2]) == [[1, 3]])
  }

  @Test func repeatedKeysAreMarked() {
    var equal = EqualKeys()
    #expect(equal.areRepeated([]) == [])
    #expect(
      equal.areRepeated([7, 0, 9, 7, 0, 7, 1]) == [true, true, false, true, true, true, false])
    // All fall into one bucket.
    #expect(equal.areRepeated((0..<500).map { UInt64($0) << 32 }).allSatisfy { !$0 })
  }
}
