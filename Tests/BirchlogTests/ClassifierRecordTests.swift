import Testing

@testable import Birchlog

struct ClassifierRecordTests {
  @Test func ofAKindThatNothingWasMeasuredOnThereAreNoFigures() throws {
    var record = ClassifierRecord()
    record.rows = [
      .init(kind: "k1", precision: 0.5, recall: 1, f1: 0.667, support: 2),
      .init(kind: "k2", precision: 0, recall: 0, f1: 0, support: 0),
    ]
    let json = JSONValue.object(record.json { $0 == "k1" ? ["k2", "k3"] : [$0] })
    let rows = try #require(json["rows"]?.array)
    #expect(rows[0]["precision"]?.double == 0.5)
    #expect(rows[0]["now"] == .array([.string("k2"), .string("k3")]))
    for figure in ["precision", "recall", "f1"] { #expect(rows[1][figure] == .null) }
    #expect(rows[1]["support"]?.int == 0)
    #expect(rows[1]["now"] == nil)
    #expect(ClassifierRecord(json: json) == record)
  }
}
