/// What a report keeps of the findings that pass by: counts, and samples of bounded size.
final class ReportDigest {
  /// What is known of one kind.
  struct KindDigest {
    var units = 0
    var first: Place?
    var last: Place?
    /// Sessions to show, each with another sequence.
    var exemplars: [ExplanationDocument] = []
    fileprivate var sequences: Set<String> = []
    var points: Reservoir<Point>

    /// Takes a place; where times are known they say which is first and last.
    fileprivate mutating func note(_ place: Place) {
      if place.isBefore(first) { first = place }
      if !place.isBefore(last) || last == nil { last = place }
    }
  }

  /// A line of an input.
  struct Place {
    var source: String?
    var line: Int?
    var time: LogTime?

    /// Comes before the other, or there is no other; without times the earlier call counts.
    func isBefore(_ other: Place?) -> Bool {
      guard let other else { return true }
      guard let time, let theirs = other.time else { return false }
      return time.seconds < theirs.seconds
    }
  }

  /// A unit on the map.
  struct Point {
    var session: String
    var kind: String
    var score: Double
    var anomalous: Bool
    var signature: [Float]
  }

  /// Exemplars of each kind, and findings that are listed.
  private static let exemplars = 3
  private static let listed = 30
  private static let listedOfOneKind = 3
  private static let pointsOfOneKind = 40
  private static let normalPoints = 120
  /// Kinds whose sessions are looked at closely; logs with more kinds than this are listed only.
  private static let kindLimit = 60

  private(set) var units = 0
  private(set) var anomalies = 0
  private(set) var open = 0
  private(set) var kinds: [String: KindDigest] = [:]
  private(set) var byOrder = Timeline(width: 1)
  private(set) var byTime = Timeline(width: 1)
  /// Anomalous units whose time is known.
  private(set) var timed = 0
  /// What their times do not name; times that lack different things do not compare.
  private(set) var timeLacks: Set<String?> = []
  private var normal = Reservoir<Point>(capacity: normalPoints, seed: 1)
  private var top: [ExplanationDocument] = []

  private static let reasons = "{\"lines\":24}"
  private static let signature = "{\"parts\":[\"signature\"]}"

  /// Takes a batch.
  func take(_ findings: Findings) throws {
    for index in 0..<findings.count {
      let place = try findings.place(index)
      let isAnomalous = try findings.isAnomalous(index)
      units += 1
      let key = isAnomalous ? place.kind : "normal"
      byOrder.add(key, at: Double(units - 1))
      guard isAnomalous else {
        try normal.offer { try point(findings, index) }
        continue
      }
      anomalies += 1
      try note(findings, index, kind: place.kind)
    }
  }

  private func note(_ findings: Findings, _ index: Int, kind: String) throws {
    let finding = try findings.document(index)
    if finding.open == true { open += 1 }
    var digest =
      kinds[kind]
      ?? KindDigest(points: Reservoir(capacity: Self.pointsOfOneKind, seed: UInt64(kinds.count)))
    digest.units += 1
    let here = Place(
      source: finding.source, line: finding.lines?.first,
      time: LogTime(finding.firstTime, lacks: finding.timeLacks))
    if let time = here.time {
      timed += 1
      timeLacks.insert(time.lacks)
      byTime.add(kind, at: time.seconds)
    }
    digest.note(here)
    if kinds.count < Self.kindLimit || kinds[kind] != nil {
      try digest.points.offer { try point(findings, index) }
      if digest.exemplars.count < Self.exemplars, digest.sequences.insert(finding.shape).inserted {
        digest.exemplars.append(try findings.explanation(index, options: Self.reasons))
      }
    }
    kinds[kind] = digest
    try list(findings, index, finding)
  }

  /// Keeps the highest scores, few of one kind and each of another shape.
  private func list(_ findings: Findings, _ index: Int, _ finding: FindingDocument) throws {
    let score = finding.score ?? 0
    let same = top.filter { $0.finding.kind == finding.kind }
    // What repeats tells nothing new.
    guard !same.contains(where: { $0.finding.shape == finding.shape }) else { return }
    if same.count >= Self.listedOfOneKind {
      guard let least = same.last?.finding.score, score > least,
        let place = top.lastIndex(where: { $0.finding.kind == finding.kind })
      else { return }
      top.remove(at: place)
    } else if top.count >= Self.listed {
      guard score > top.last?.finding.score ?? 0 else { return }
      top.removeLast()
    }
    let document = try findings.explanation(index, options: Self.reasons)
    let place = top.firstIndex { ($0.finding.score ?? 0) < score } ?? top.endIndex
    top.insert(document, at: place)
  }

  private func point(_ findings: Findings, _ index: Int) throws -> Point {
    let document = try findings.explanation(index, options: Self.signature)
    let finding = document.finding
    return Point(
      session: finding.session + (finding.window.map { " #\($0)" } ?? ""), kind: finding.kind,
      score: finding.score ?? 0, anomalous: finding.anomalous,
      signature: document.details.signature ?? [])
  }

  /// Kinds found, the most frequent first.
  var order: [String] {
    kinds.sorted {
      ($1.value.units, $0.key.count, $0.key) < ($0.value.units, $1.key.count, $1.key)
    }.map(\.key)
  }

  /// The findings that are listed, highest score first.
  var findings: [ExplanationDocument] { top }

  /// The units on the map, normal ones first so that the others lie above them.
  var points: [Point] {
    normal.elements + order.reversed().flatMap { kinds[$0]?.points.elements ?? [] }
  }
}

extension FindingDocument {
  /// What sessions that look alike have in common.
  fileprivate var shape: String {
    let events = (evidence ?? []).map { "\($0.event)" } + (missing ?? []).map { "-\($0.event)" }
    return "\(self.events ?? 0):" + events.joined(separator: ",")
  }
}
