import Birchlog

/// The texts of findings that C sees, behind stable pointers: sessions in one piece of memory, each kind and name once.
final class FindingTexts {
  private let bytes: UnsafeMutablePointer<CChar>
  /// Where each session's id begins.
  private let starts: [Int]
  private var kinds: [Text] = []
  private var names: [Text?] = []

  init(_ findings: [Finding]) {
    var ids: [UInt8] = []
    var starts: [Int] = []
    // By bytes: texts that Unicode calls equal may be written in different ones.
    var known: [[UInt8]: Text] = [:]
    func text(_ string: String) -> Text {
      let bytes = Array(string.utf8)
      if let text = known[bytes] { return text }
      let text = Text(string)
      known[bytes] = text
      return text
    }
    starts.reserveCapacity(findings.count)
    kinds.reserveCapacity(findings.count)
    names.reserveCapacity(findings.count)
    for finding in findings {
      starts.append(ids.count)
      Self.append(finding.unit.session, to: &ids)
      kinds.append(text(finding.kindID))
      names.append(finding.kindName.map(text))
    }
    self.starts = starts
    bytes = .allocate(capacity: max(ids.count, 1))
    ids.withUnsafeBytes {
      UnsafeMutableRawPointer(bytes).copyMemory(
        from: $0.baseAddress ?? UnsafeRawPointer(bytes), byteCount: $0.count)
    }
  }

  deinit { bytes.deallocate() }

  private static func append(_ session: [UInt8], to ids: inout [UInt8]) {
    if session.allSatisfy({ $0 > 0 && $0 < 0x80 }) {
      ids += session
    } else {
      ids += Text.bytes(of: String(decoding: session, as: UTF8.self))
    }
    ids.append(0)
  }

  func session(_ index: Int) -> UnsafePointer<CChar> { UnsafePointer(bytes + starts[index]) }

  func kind(_ index: Int) -> UnsafePointer<CChar> { UnsafePointer(kinds[index].pointer) }

  func name(_ index: Int) -> UnsafePointer<CChar>? {
    names[index].map { UnsafePointer($0.pointer) }
  }
}
