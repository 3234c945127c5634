// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

/// Findings that the caller owns, with the texts that C sees.
final class FindingsBox {
  let findings: [Finding]
  private let texts: FindingTexts

  init(_ findings: [Finding]) {
    self.findings = findings
    texts = FindingTexts(findings)
  }

  func fill(_ finding: inout birchlog_finding, at index: Int) {
    let source = findings[index]
    finding.anomalous = source.verdict.isAnomalous ? 1 : 0
    finding.open = source.unit.isOpen ? 1 : 0
    finding.early = source.unit.isFinal ? 0 : 1
    finding.score = source.verdict.score
    finding.threshold = source.threshold
    finding.perturbation = source.verdict.perturbation
    finding.confidence = source.verdict.confidence
    finding.session = texts.session(index)
    finding.kind = texts.kind(index)
    finding.name = texts.name(index)
    finding.window = source.unit.window.map { Int64($0) } ?? -1
    finding.first_line = source.unit.lineSpan?.first ?? 0
    finding.last_line = source.unit.lineSpan?.last ?? 0
    finding.event_count = UInt64(source.unit.unit.body.count)
  }
}

@c @implementation
public func birchlog_findings_count(_ findings: OpaquePointer!) -> Int {
  let box: FindingsBox? = try? Handle.object(findings, "findings")
  return box?.findings.count ?? 0
}

@c @implementation
public func birchlog_findings_get(
  _ findings: OpaquePointer!, _ index: Int, _ finding: UnsafeMutablePointer<birchlog_finding>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let box: FindingsBox = try Handle.object(findings, "findings")
    let output = try Arguments.required(finding, "finding")
    guard Int(output.pointee.struct_size) >= MemoryLayout<birchlog_finding>.size else {
      throw .argument(
        "finding->struct_size is \(output.pointee.struct_size); set it to sizeof(birchlog_finding) (\(MemoryLayout<birchlog_finding>.size))."
      )
    }
    try box.check(index)
    box.fill(&output.pointee, at: index)
  }
}

@c @implementation
public func birchlog_findings_json(
  _ findings: OpaquePointer!, _ index: Int, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let box: FindingsBox = try Handle.object(findings, "findings")
    let output = try Arguments.required(json, "json")
    try box.check(index)
    output.pointee = Handle.make(Text(bytes: try box.findings[index].json().utf8))
  }
}

@c @implementation
public func birchlog_findings_explain(
  _ findings: OpaquePointer!, _ index: Int, _ options: UnsafePointer<CChar>!,
  _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let box: FindingsBox = try Handle.object(findings, "findings")
    let output = try Arguments.required(json, "json")
    try box.check(index)
    output.pointee = Handle.make(
      Text(try box.findings[index].explained(options: Arguments.options(options)).text))
  }
}

@c @implementation
public func birchlog_findings_keep(
  _ findings: OpaquePointer!, _ kept: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let box: FindingsBox = try Handle.object(findings, "findings")
    try Arguments.required(kept, "kept").pointee = Handle.make(box)
  }
}

@c @implementation
public func birchlog_findings_free(_ findings: OpaquePointer!) {
  Handle.free(findings, as: FindingsBox.self)
}

extension FindingsBox {
  fileprivate func check(_ index: Int) throws(BirchlogError) {
    guard findings.indices.contains(index) else {
      throw .notFound(
        "There is no finding \(UInt(bitPattern: index)); there are \(findings.count), counted from 0."
      )
    }
  }
}
