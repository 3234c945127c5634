import LogText

/// The true kind of each session, for scoring only.
public struct TruthTable: Sendable {
  /// What the truth calls a normal session.
  public static let normal = "normal"
  private static let sizeLimit = 1 << 30

  private var kinds: [[UInt8]: String] = [:]

  /// Sessions whose kind is known.
  public var count: Int { kinds.count }

  /// Reads a CSV file: a header line, then `id,kind`; further columns are ignored, fields may be
  /// quoted, lines may end in CR LF.
  ///
  /// - Throws: `io`, and `input` with the line for a file without rows or without a header, a row
  ///   without a kind, or an id with two kinds.
  public init(path: String) throws(BirchlogError) {
    try self.init(csv: fileBytes(path, limit: Self.sizeLimit), name: path)
  }

  /// Reads the bytes of a CSV file.
  ///
  /// - Parameter name: what the messages call the file.
  init(csv bytes: [UInt8], name: String) throws(BirchlogError) {
    var parser = CSVRecordParser()
    var isComplete = true
    var hasHeader = false
    var number = 0
    // Where the record began that the parser is in.
    var start = 0
    var rest = bytes[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest.dropFirst(line.count + 1)
      number += 1
      if isComplete { start = number }
      let row = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if isComplete, row.isEmpty { continue }
      switch row.withUnsafeBytes({ parser.append($0) }) {
      case .unfinished: isComplete = false
      case .malformed:
        throw .input(
          "\(name):\(number): text follows a closing quote; double quotes inside a field.")
      case .complete:
        isComplete = true
        try add(parser.fields, isHeader: !hasHeader, at: "\(name):\(start)")
        hasHeader = true
      }
    }
    guard isComplete else {
      throw .input("\(name):\(start): a quoted field has no end; close its quote.")
    }
    guard !kinds.isEmpty else {
      throw .input(
        "\(name) holds no truth; give a CSV file with a header line and rows of \"id,kind\".")
    }
    let names = names
    if !names.contains(Self.normal),
      let other = names.first(where: { $0.lowercased() == Self.normal })
    {
      throw .input(
        "\(name) calls sessions \"\(other)\"; write \"\(Self.normal)\" for normal ones, else all count as anomalous."
      )
    }
  }

  /// The kinds there are, in order.
  var names: [String] { Set(kinds.values).sorted() }

  /// What to look at where no session is normal, which a truth of anomalies alone means and any other word for
  /// normal ones does not; nil where some are.
  func warning(named name: String) -> String? {
    let names = names
    guard !names.contains(Self.normal) else { return nil }
    let words = names.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
    return
      "No session of \(name) is \"\(Self.normal)\", so all count as anomalous (its kinds: \(words)\(names.count > 8 ? ", …" : "")). If some are not, write \"\(Self.normal)\" as their kind."
  }

  /// Checks that kinds which are to be joined are there.
  ///
  /// - Throws: `option` with the kinds there are.
  func check(join groups: [[String]]) throws(BirchlogError) {
    let names = names
    guard let stranger = groups.joined().first(where: { !names.contains($0) }) else { return }
    throw .option(
      "Option \"join\" names \"\(stranger)\", which is no kind of the truth; its kinds are \(names.prefix(64).joined(separator: ", "))."
    )
  }

  /// The first id in the order of bytes, to show what ids look like.
  var example: [UInt8] { kinds.keys.min { $0.lexicographicallyPrecedes($1) } ?? [] }

  /// The true kind of a session; nil when the table does not know it.
  public func kind(of session: [UInt8]) -> String? { kinds[session] }

  private mutating func add(
    _ fields: [[UInt8]], isHeader: Bool, at place: String
  ) throws(BirchlogError) {
    guard fields.count >= 2, !fields[1].isEmpty else {
      throw .input("\(place): expected \"id,kind\", such as \"blk_7,normal\".")
    }
    let kind = String(decoding: fields[1], as: UTF8.self)
    guard !isHeader else {
      // Taken for a header, the first session would be lost without a word.
      guard kind != Self.normal else {
        throw .input("\(place): the first line has to be a header; put \"id,kind\" before it.")
      }
      return
    }
    if let known = kinds.updateValue(kind, forKey: fields[0]), known != kind {
      let session = String(decoding: fields[0], as: UTF8.self)
      throw .input(
        "\(place): \"\(session)\" has two kinds, \"\(known)\" and \"\(kind)\"; keep one.")
    }
  }
}
