/// The true kind of each session, for scoring only.
public struct TruthTable: Sendable {
  /// What the truth calls a normal session.
  public static let normal = "normal"
  private static let sizeLimit = 1 << 30

  private var kinds: [[UInt8]: String] = [:]

  public var count: Int { kinds.count }

  /// Reads a CSV file: a header line, then `id,kind`; further columns are ignored, fields may be quoted.
  ///
  /// - Throws: `io`, and `input` for a file without rows, a row without a kind, or an id with two kinds.
  public init(path: String) throws(BirchlogError) {
    let bytes = try fileBytes(path, limit: Self.sizeLimit)
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let row = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard number > 1, !row.isEmpty else { continue }
      let fields = Self.fields(row)
      guard fields.count >= 2, !fields[1].isEmpty else {
        throw .input("\(path):\(number): expected \"id,kind\", such as \"blk_7,normal\".")
      }
      let kind = String(decoding: fields[1], as: UTF8.self)
      if let known = kinds[fields[0]], known != kind {
        throw .input(
          "\(path):\(number): \"\(String(decoding: fields[0], as: UTF8.self))\" has two kinds, \"\(known)\" and \"\(kind)\"; keep one.")
      }
      kinds[fields[0]] = kind
    }
    guard !kinds.isEmpty else {
      throw .input("\(path) holds no truth; give a CSV file with a header line and rows of \"id,kind\".")
    }
  }

  /// The true kind of a session; nil when the table does not know it.
  public func kind(of session: [UInt8]) -> String? { kinds[session] }

  private static func fields(_ row: ArraySlice<UInt8>) -> [[UInt8]] {
    var fields: [[UInt8]] = [[]]
    var quoted = false
    var previousWasQuote = false
    for byte in row {
      if byte == UInt8(ascii: "\"") {
        // Two quotes inside a quoted field stand for one.
        if !quoted && previousWasQuote { fields[fields.count - 1].append(byte) }
        quoted.toggle()
        previousWasQuote = !quoted
        continue
      }
      previousWasQuote = false
      if byte == UInt8(ascii: ","), !quoted {
        fields.append([])
      } else {
        fields[fields.count - 1].append(byte)
      }
    }
    return fields
  }
}
