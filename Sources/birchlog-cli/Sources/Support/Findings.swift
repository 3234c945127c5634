import CBirchlog

/// A batch of verdicts, borrowed from the library for the length of a callback.
struct Findings {
  let handle: OpaquePointer

  var count: Int { birchlog_findings_count(handle) }

  /// True when the verdict at `index` is an anomaly.
  func isAnomalous(_ index: Int) throws -> Bool { try finding(index).anomalous != 0 }

  /// True when the unit goes on, and its end will give another verdict.
  func isEarly(_ index: Int) throws -> Bool { try finding(index).early != 0 }

  /// Session, kind, and first to last line (0 where they are not known) of the verdict at `index`.
  func place(_ index: Int) throws -> (session: String, kind: String, lines: ClosedRange<UInt64>) {
    let finding = try finding(index)
    return (
      String(cString: finding.session), String(cString: finding.kind),
      finding.first_line...max(finding.first_line, finding.last_line)
    )
  }

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

  /// The verdict at `index` with all its reasons.
  func explanation(_ index: Int, options: String?) throws -> ExplanationDocument {
    try withExplanation(index, options: options) { bytes in
      try Documents.decode(ExplanationDocument.self, from: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Calls `body` with the JSON of the verdict at `index`, without a newline.
  func withJSON<Result>(
    _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try Self.with({ birchlog_findings_json(handle, index, $0) }, body)
  }

  /// The same with all reasons, as far as `options` ask for them.
  func withExplanation<Result>(
    _ index: Int, options: String?, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try Self.with({ birchlog_findings_explain(handle, index, options, $0) }, body)
  }

  private static func with<Result>(
    _ call: (UnsafeMutablePointer<OpaquePointer?>) -> birchlog_status,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    var text: OpaquePointer?
    try CommandFailure.check(call(&text))
    defer { birchlog_text_free(text) }
    return try body(
      UnsafeRawBufferPointer(start: birchlog_text_data(text), count: birchlog_text_length(text)))
  }
}
