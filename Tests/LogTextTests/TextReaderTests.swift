import LogText
import Testing

struct TextReaderTests {
  struct Read: Equatable {
    var text: String
    var key: String?
    var time: Int64?
    var line: UInt64
  }

  private func read(_ text: String, _ format: InputFormat, _ names: FieldNames = FieldNames())
    throws -> (records: [Read], errors: [LogTextError])
  {
    let reader = try TextReader(
      LineSource(of: text), format: format, names: names)
    var records: [Read] = []
    var errors: [LogTextError] = []
    while true {
      do throws(LogTextError) {
        guard let record = try reader.next() else { return (records, errors) }
        records.append(
          Read(
            text: ByteText.string(record.text), key: record.key.map { ByteText.string($0) },
            time: record.time, line: record.line))
      } catch {
        errors.append(error)
        if errors.count > 10 { return (records, errors) }
      }
    }
  }

  @Test func rawTextKeepsBlankLines() throws {
    let (records, errors) = try read("a\r\n\nb\0", .text)
    #expect(records.map(\.text) == ["a", "", "b\0"])
    #expect(errors.isEmpty)
  }

  @Test func objectsGiveTextKeyAndTime() throws {
    let (records, errors) = try read(
      #"{"ts":1700000000,"msg":"up \u00e9 \"x\"","id":7}"# + "\r\n\n"
        + #"{"msg":"down","id":"b","ts":"2023-11-14T22:13:20.5Z"}"#, .jsonLines,
      FieldNames(key: "id"))
    #expect(errors.isEmpty)
    #expect(
      records == [
        Read(text: "up é \"x\"", key: "7", time: 1_700_000_000_000, line: 1),
        Read(text: "down", key: "b", time: 1_700_000_000_500, line: 3),
      ])
  }

  @Test func badObjectsAreNamedAndPassedOver() throws {
    let (records, errors) = try read(
      #"{"log":"a"}"# + "\n{\n[1]\n{} x\n" + #"{"other":1}"# + "\n" + #"{"log":"b"}"#, .jsonLines)
    #expect(records.map(\.text) == ["a", "b"])
    #expect(errors.count == 4)
    for (index, error) in errors.enumerated() {
      switch error {
      case .malformedJSON(_, let line, _): #expect(line == UInt64(index + 2))
      case .missingField(_, 5, "message", _): #expect(index == 3)
      default: Issue.record("unexpected \(error)")
      }
    }
  }

  @Test func aNamedFieldIsNotGuessed() throws {
    let (records, errors) = try read(
      #"{"message":"a","own":"b"}"# + "\n" + #"{"message":"c"}"#, .jsonLines,
      FieldNames(text: "own"))
    #expect(records.map(\.text) == ["b"])
    #expect(errors.count == 1)
  }

  @Test func deepNestingIsRefused() throws {
    let deep = #"{"log":"# + String(repeating: "[", count: 100_000)
    #expect(try read(deep, .jsonLines).errors.count == 1)
  }

  @Test func quotedFieldsMayHoldCommasQuotesAndNewlines() throws {
    let (records, errors) = try read(
      "LineId,Content,EventId\r\n1,\"a, \"\"b\"\"\",E1\r\n2,\"two\r\nlines\",E2\r\n3,,E3",
      .structuredCSV, FieldNames(key: "EventId"))
    #expect(errors.isEmpty)
    #expect(
      records == [
        Read(text: "a, \"b\"", key: "E1", line: 2), Read(text: "two\nlines", key: "E2", line: 3),
        Read(text: "", key: "E3", line: 5),
      ])
  }

  @Test func malformedRowsAreNamed() throws {
    let (records, errors) = try read(
      "LineId,Content\n1,a,b\n2,\"x\"y\n3,ok\n4,\"open", .structuredCSV)
    #expect(records.map(\.text) == ["ok"])
    #expect(errors.count == 3)
  }

  @Test func aMissingColumnIsNamed() throws {
    let file = TemporaryFile("LineId,Content\n1,a\n")
    let error = failure { () throws(LogTextError) in
      try TextReader(
        LineSource(path: file.path), format: .structuredCSV, names: FieldNames(key: "Block"))
    }
    #expect(
      error
        == .missingField(path: file.path, line: 1, field: "Block", found: ["LineId", "Content"]))
  }

  @Test func aTableWithoutRowsHasNoRecords() throws {
    #expect(try read("LineId,Content\n", .structuredCSV).records.isEmpty)
    #expect(try read("", .structuredCSV).records.isEmpty)
    #expect(try read("", .jsonLines).records.isEmpty)
  }
}
