import LogText
import Testing

struct JournalTests {
  private struct Read: Equatable {
    var text: String
    var key: String?
    var time: Int64?
    var line: UInt64
    var lineCount: UInt64
  }

  private func read(
    _ bytes: [UInt8], format: InputFormat = .journal, names: FieldNames = FieldNames()
  ) throws -> (records: [Read], errors: [LogTextError], reader: TextReader) {
    let reader = try TextReader(LineSource(of: bytes), format: format, names: names)
    var records: [Read] = []
    var errors: [LogTextError] = []
    while errors.count < 10 {
      do throws(LogTextError) {
        guard let record = try reader.next() else { break }
        records.append(
          Read(
            text: ByteText.string(record.text), key: record.key.map { ByteText.string($0) },
            time: record.time, line: record.line, lineCount: record.lineCount))
      } catch {
        errors.append(error)
      }
    }
    return (records, errors, reader)
  }

  private static func binary(_ name: String, _ value: String) -> [UInt8] {
    let count = UInt64(value.utf8.count)
    return Array("\(name)\n".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
      + Array(value.utf8) + [0x0A]
  }

  private static let export =
    Array(
      "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1700000000123456\n_PID=7\nMESSAGE=started\n\n".utf8)
    + Array("__CURSOR=s=1;i=3\n".utf8) + binary("OTHER", "x\ny\n\nz")
    + binary("MESSAGE", "two\nlines") + Array("_PID=8\n\n".utf8)
    + Array("__CURSOR=s=1;i=4\n_PID=9\n\n__CURSOR=s=1;i=5\nMESSAGE=last=1".utf8)

  @Test func anExportIsReadWithItsBinaryFields() throws {
    #expect(Self.export.withUnsafeBytes { InputFormat.recognise($0) } == .journal)
    let (records, errors, reader) = try read(Self.export, names: FieldNames(key: "_PID"))
    #expect(errors.isEmpty)
    #expect(records.map(\.text) == ["started", "two\nlines", "last=1"])
    #expect(records.map(\.key) == ["7", "8", nil])
    #expect(records[0].time == 1_700_000_000_123)
    #expect(records[0].line == 1)
    #expect(reader.silentLines == 3)
    let lines = records.reduce(0) { $0 + $1.lineCount } + reader.silentLines
    #expect(lines == UInt64(Self.export.count { $0 == 0x0A } + 1))
  }

  @Test func aBinaryFieldThatClaimsTooMuchIsAnErrorNotAnAllocation() throws {
    let claim = Array("__CURSOR=1\nMESSAGE\n".utf8) + [UInt8](repeating: 0xFF, count: 8)
    #expect(try read(claim).errors.count == 1)
    let short = Array("__CURSOR=1\nMESSAGE\n".utf8) + [200, 0, 0, 0, 0, 0, 0, 0, 0x61]
    #expect(try read(short).errors.count == 1)
    #expect(try read(Array("__CURSOR=1\nMESSAGE\nab".utf8)).errors.count == 1)
  }

  @Test func journaldObjectsMayHoldBytes() throws {
    let text =
      #"{"__REALTIME_TIMESTAMP":"1700000000123456","MESSAGE":[104,105,255],"_PID":"3"}"# + "\n"
    let (records, errors, _) = try read(
      Array(text.utf8), format: .jsonLines, names: FieldNames(key: "_PID"))
    #expect(errors.isEmpty)
    #expect(records.map(\.text) == ["hi\u{FFFD}"])
    #expect(records[0].time == 1_700_000_000_123)
  }

  @Test func fieldsOfObjectsWithinObjectsAreNamedByDots() throws {
    let text = #"{"log":"a","kubernetes":{"pod":"p-1"}}"#
    let (records, _, _) = try read(
      Array(text.utf8), format: .jsonLines, names: FieldNames(key: "kubernetes.pod"))
    #expect(records.first?.key == "p-1")
  }
}
