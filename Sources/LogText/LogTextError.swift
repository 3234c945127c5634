/// What can go wrong between raw bytes and events. Each case carries what a message to the user needs.
public enum LogTextError: Error, Sendable, Equatable {
  /// There is no such file.
  case notFound(path: String)
  /// The path names a directory.
  case isDirectory(path: String)
  /// The file may not be read.
  case permissionDenied(path: String)
  /// The system refused an operation; `code` is its errno.
  case readFailed(path: String, code: Int32, reason: String)
  /// The gzip stream ends early; `offset` counts compressed bytes.
  case truncatedGzip(path: String, offset: UInt64)
  /// The gzip stream is damaged; `offset` counts compressed bytes.
  case damagedGzip(path: String, offset: UInt64, reason: String)
  /// The input is no text but something else, of which the command `remedy` makes text (`%` stands for the path).
  case noText(path: String, what: String, remedy: String)
  /// A line of a sequence file is not of the form `id,5 5 22`.
  case malformedSequence(path: String, line: UInt64, found: String)
  /// An event number lies outside 0 … 2,147,483,647.
  case eventOutOfRange(path: String, line: UInt64, found: String)
  /// A line of a JSON Lines file is not one JSON object.
  case malformedJSON(path: String, line: UInt64, reason: String)
  /// A record has no field of that name, or none of the names that are guessed; `found` are those it has.
  case missingField(path: String, line: UInt64, field: String, found: [String])
  /// A CSV record is malformed.
  case malformedCSV(path: String, line: UInt64, reason: String)
  /// An entry of a journald export is malformed.
  case malformedJournal(path: String, line: UInt64, reason: String)
  /// A regular expression does not compile; `offset` counts bytes of the pattern.
  case invalidPattern(pattern: String, offset: Int, reason: String)
  /// A header pattern lacks the named group.
  case missingGroup(pattern: String, group: String)
  /// The header of the lines has no part of that name; `found` are those it has.
  case missingHeaderField(name: String, found: [String])
  /// A stored miner or header layout cannot be restored.
  case invalidState(reason: String)
  /// Memory for a foreign library's object ran out.
  case outOfMemory

  /// One sentence for the user: what was wrong, where, and how to mend it.
  public var message: String {
    switch self {
    case .notFound(let path):
      "\(path): there is no such file; check the path."
    case .isDirectory(let path):
      "\(path) is a directory; name the files in it."
    case .permissionDenied(let path):
      "\(path) may not be read; change its permissions or run as its owner."
    case .readFailed(let path, let code, let reason):
      "\(path) could not be read (\(reason), errno \(code)); check the file and its device."
    case .truncatedGzip(let path, let offset):
      "\(path) is a gzip file cut off after byte \(offset); fetch it again, or pass on what `zcat` recovers."
    case .damagedGzip(let path, let offset, let reason):
      "\(path) is a damaged gzip file at byte \(offset) (\(reason)); fetch it again, or pass on what `zcat` recovers."
    case .noText(let path, let what, let remedy):
      "\(path) holds \(what), which is not read; pass on what `\(Self.command(remedy, path))` gives (\"-\" reads a pipe)."
    case .malformedSequence(let path, let line, let found):
      "\(path):\(line): expected a session such as \"id,5 5 22 11\" or \"5 5 22\" but found \"\(found)\"; correct the line or give another format."
    case .eventOutOfRange(let path, let line, let found):
      "\(path):\(line): expected event numbers from 0 to 2147483647 but found \"\(found)\"; correct the line."
    case .malformedJSON(let path, let line, let reason):
      "\(path):\(line): expected one JSON object a line (\(reason)); correct the line or give another format."
    case .missingField(let path, let line, let field, let found):
      "\(path):\(line): there is no field \"\(field)\"\(found.isEmpty ? "" : " among " + found.prefix(32).joined(separator: ", ")); name the field to read."
    case .malformedCSV(let path, let line, let reason):
      "\(path):\(line): malformed CSV (\(reason)); correct the record or give another format."
    case .malformedJournal(let path, let line, let reason):
      "\(path):\(line): malformed journald export (\(reason)); export the journal again, or give another format."
    case .invalidPattern(let pattern, let offset, let reason):
      "The regular expression \"\(pattern)\" is wrong at offset \(offset): \(reason)."
    case .missingGroup(let pattern, let group):
      "The header expression \"\(pattern)\" needs a group (?<\(group)>…)."
    case .missingHeaderField(let name, let found):
      "The header of the lines has no \"\(name)\"\(found.isEmpty ? "" : ", but " + found.joined(separator: ", ")); name another \"session_field\", or give a \"header\" expression with a group of that name."
    case .invalidState(let reason):
      "The stored templates cannot be read: \(reason)."
    case .outOfMemory:
      "Memory ran out."
    }
  }

  private static func command(_ remedy: String, _ path: String) -> String {
    var words = remedy
    if let place = words.firstIndex(of: "%") { words.replaceSubrange(place...place, with: path) }
    return words
  }

  /// Only the record at hand is lost; the next one can be read.
  public var isBadRecord: Bool {
    switch self {
    case .malformedJSON, .missingField, .malformedCSV, .malformedJournal: true
    default: false
    }
  }

  /// The source has no more than what was read: its compressed data end early or are damaged.
  public var endsSource: Bool {
    switch self {
    case .truncatedGzip, .damagedGzip: true
    default: false
    }
  }
}
