import LogText

/// What was amiss with an input that was read all the same.
struct InputNotes {
  let path: String
  /// Records that were read.
  var records = 0
  /// Records that could not be read, one line each, and what the first one's error said.
  private(set) var unreadable = 0
  private(set) var firstUnreadable: LogTextError?
  /// Where the source ends before its time.
  private(set) var damage: LogTextError?
  private(set) var cutLines = 0
  /// Control characters abound at the start.
  private var looksBinary = false
  /// Lines of journal entries without a text.
  var silentLines = 0
  /// Records of more than one line.
  var joinedRecords = 0
  /// Lines on which the user's header expression gave up.
  var abandonedHeaders = 0

  init(path: String) { self.path = path }

  /// Lines that were read and belong to no record.
  var lostLines: Int { unreadable + silentLines }

  /// Takes an error that leaves something to be read or that was read.
  ///
  /// - Throws: any other error.
  mutating func take(_ error: LogTextError) throws(BirchlogError) {
    if error.endsSource {
      damage = error
    } else if error.isBadRecord {
      unreadable += 1
      firstUnreadable = firstUnreadable ?? error
    } else {
      throw .init(error)
    }
  }

  /// Ends the input.
  ///
  /// - Throws: the first error where nothing could be read.
  mutating func finish(_ source: LineSource) throws(BirchlogError) {
    cutLines = Int(clamping: source.cutLines)
    looksBinary = source.looksBinary
    if records == 0, let error = firstUnreadable ?? damage { throw .init(error) }
  }

  /// One sentence for each thing that was amiss.
  var warnings: [String] {
    var warnings: [String] = []
    if looksBinary { warnings.append("\(path) looks like binary data, not like a log.") }
    if let damage {
      warnings.append("\(damage.message) What could be unpacked, \(records) records, was read.")
    }
    if let firstUnreadable {
      warnings.append(
        "\(unreadable) records of \(path) could not be read and were passed over; the first: \(firstUnreadable.message)"
      )
    }
    if cutLines > 0 {
      warnings.append("\(cutLines) lines of \(path) were longer than 1 MiB and were cut.")
    }
    if abandonedHeaders > 0 {
      warnings.append(
        "The expression of \"header\" gave up on \(abandonedHeaders) lines of \(path) at its match limit; write a simpler one."
      )
    }
    return warnings
  }
}
