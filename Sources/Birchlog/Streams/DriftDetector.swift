/// Tells when a stream has moved away from what its model learned: new events, units of no known kind,
/// or normal behaviour that surprises more than it used to.
struct DriftDetector: Equatable {
  private(set) var unseen: DriftSignal
  /// Nil where the detection has no calibrated rate.
  private(set) var unknown: DriftSignal?
  private(set) var surprise: DriftSignal
  private(set) var units = 0
  /// The unit at which drift was first told; it stays told until a model takes the place of this one.
  private(set) var firstAlarm: Int?

  /// Units that pass before a false alarm, on average and at least, all signals together.
  static let patience = 1e6

  init(_ baseline: DriftBaseline, patience: Double = Self.patience) {
    // Each of the signals may spend its part of the false alarms.
    let patience = patience * (baseline.unknown == nil ? 2 : 3)
    unseen = .share(usual: baseline.unseen, patience: patience)
    unknown = baseline.unknown.map { .share(usual: $0, patience: patience) }
    surprise = .mean(
      usual: baseline.surprise, deviation: baseline.deviation, patience: patience)
  }

  mutating func add(_ finding: Finding) {
    // The last count is that of all events that training never saw: above 0 when there is any.
    add(
      isUnseen: finding.verdict.counts.last ?? 0 > 0,
      isUnknown: finding.verdict.isAnomalous && finding.verdict.kind == nil,
      surprise: finding.verdict.isAnomalous ? nil : finding.verdict.averageSurprise)
  }

  /// - Parameter surprise: the mean surprise of a unit that is not anomalous.
  mutating func add(isUnseen: Bool, isUnknown: Bool, surprise value: Double?) {
    units += 1
    unseen.add(isUnseen ? 1 : 0)
    unknown?.add(isUnknown ? 1 : 0)
    if let value { surprise.add(value) }
    if firstAlarm == nil, signals.contains(where: { $0.signal.progress >= 1 }) {
      firstAlarm = units
    }
  }

  private var signals: [(name: String, signal: DriftSignal)] {
    [("unseen", unseen)] + (unknown.map { [("unknown", $0)] } ?? []) + [("surprise", surprise)]
  }

  var json: JSONValue {
    .object([
      "units": .integer(Int64(units)), "drifted": .bool(firstAlarm != nil),
      "since_unit": firstAlarm.map { .integer(Int64($0)) } ?? .null,
      "signals": .array(
        signals.map { name, signal in
          .object([
            "name": .string(name), "value": .number(rounded(signal.value)),
            "usual": .number(rounded(signal.usual)), "evidence": .number(rounded(signal.progress)),
          ])
        }),
    ])
  }

  func write(to writer: SnapshotWriter) {
    writer.write(units)
    writer.write(firstAlarm ?? -1)
    writer.write(UInt64(signals.count))
    for (_, signal) in signals { signal.write(to: writer) }
  }

  /// Goes on from what ``write(to:)`` wrote; with another model, to which other things are usual, it
  /// begins anew.
  mutating func restore(_ reader: inout SnapshotReader) throws(BirchlogError) {
    var restored = self
    restored.units = try reader.count()
    let alarm = Int(truncatingIfNeeded: try reader.signed())
    restored.firstAlarm = alarm < 0 ? nil : alarm
    var isSame = true
    let count = try reader.length()
    for index in 0..<count {
      switch index {
      case 0: isSame = try restored.unseen.restore(&reader) && isSame
      case count - 1: isSame = try restored.surprise.restore(&reader) && isSame
      default:
        var unknown = restored.unknown ?? restored.surprise
        isSame = try unknown.restore(&reader) && restored.unknown != nil && isSame
        restored.unknown = restored.unknown == nil ? nil : unknown
      }
    }
    if isSame, count == signals.count { self = restored }
  }
}

extension Verdict {
  /// The mean surprise of the targets, in nats; nil without any.
  var averageSurprise: Double? {
    surprises.isEmpty
      ? nil : surprises.reduce(0.0) { $0 + Double($1) } / Double(surprises.count)
  }
}
