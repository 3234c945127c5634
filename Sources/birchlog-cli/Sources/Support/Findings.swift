import CBirchlog

/// A batch of verdicts, borrowed from the library for the length of a callback.
struct Findings {
  let handle: OpaquePointer

  var count: Int { birchlog_findings_count(handle) }

  /// True when the verdict at `index` is an anomaly.
  func isAnomalous(_ index: Int) throws -> Bool { try finding(index).anomalous != 0 }

  /// True when the unit goes on, and its end will give another verdict.
  func isEarly(_ index: Int) throws -> Bool { try finding(index).early != 0 }

  private func finding(_ index: Int) throws -> birchlog_finding {
    var finding = birchlog_finding()
    finding.struct_size = UInt32(MemoryLayout<birchlog_finding>.size)
    try CommandFailure.check(birchlog_findings_get(handle, index, &finding))
    return finding
  }

  /// The verdict at `index` with its evidence.
  func document(_ index: Int) throws -> FindingDocument {
    try withJSON(index) { bytes in
      try Documents.decode(FindingDocument.self, from: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Calls `body` with the JSON of the verdict at `index`, without a newline.
  func withJSON<Result>(
    _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    var text: OpaquePointer?
    try CommandFailure.check(birchlog_findings_json(handle, index, &text))
    defer { birchlog_text_free(text) }
    return try body(
      UnsafeRawBufferPointer(start: birchlog_text_data(text), count: birchlog_text_length(text)))
  }
}
