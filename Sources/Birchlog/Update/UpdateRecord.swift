/// What an update saw and changed; stored in the model and reported by `describe`.
public struct UpdateRecord: Sendable, Equatable {
  /// Updates whose record a model keeps.
  static let kept = 100

  /// From 1.
  public var number = 0
  public var normalUnits = 0
  public var mixedUnits = 0
  /// Units of unlabelled input that the model called anomalous.
  public var anomalousUnits = 0
  /// Units that were learned as normal.
  public var learnedUnits = 0
  /// Units that looked like a known kind of anomaly and were left out, though the model did not call them
  /// anomalous; those of them that it does now, and the kinds they look like, the most frequent first.
  public var withheldUnits = 0
  public var estrangedUnits = 0
  public var estrangedKinds: [String] = []
  /// The share of the different units that was kept, to bound memory.
  public var sampledShare = 1.0
  /// Events that are new to the model, and to normal behaviour.
  public var newEvents = 0
  public var newNormalEvents = 0
  /// Mean loss over remembered windows before and after, in nats, and over those of new normal units.
  public var oldLossBefore = 0.0
  public var oldLossAfter = 0.0
  public var newLossBefore = 0.0
  public var newLossAfter = 0.0
  /// Whether the network went on learning; false where it knew the new behaviour already.
  public var isTuned = true
  public var thresholdBefore = 0.0
  public var threshold = 0.0
  /// Ids of kinds that were found, that are candidates no more, and that are gone.
  public var newKinds: [String] = []
  public var promotedKinds: [String] = []
  public var retiredKinds: [String] = []
  public var drift = DriftSummary()

  init() {}

  init(_ normal: NormalUpdate) {
    oldLossBefore = normal.lossBefore
    oldLossAfter = normal.lossAfter
    newLossBefore = normal.newLossBefore
    newLossAfter = normal.newLossAfter
    isTuned = normal.isTuned
  }

  /// Where more of the events are new than not, the log is hardly the one that was learned.
  private static let strangeShare = 0.5

  /// Says what an operator should know.
  ///
  /// - Parameter rate: the share of normal units that may be called anomalous.
  func warn(_ record: inout TrainingRecord, rate: Double) {
    if drift.unseenEvents > Self.strangeShare {
      record.warnings.append(
        "The model knew \(Percentage.text(1 - drift.unseenEvents)) of the events that it was updated with: this looks like another log than the one it was trained on. If the log itself has changed so much, train anew."
      )
    }
    if Double(estrangedUnits) > rate * Double(learnedUnits + withheldUnits) {
      record.warnings.append(
        "\(withheldUnits) units that were not anomalous look like a known kind of anomaly and were not learned as normal; \(estrangedUnits) of them, most like \(estrangedKinds.prefix(3).joined(separator: ", ")), are anomalous now. If they are harmless, say so with 'birchlog kinds mark-normal' and update again."
      )
    }
    if oldLossAfter > oldLossBefore * (1 + NormalUpdater.largestRise) {
      record.warnings.append(
        "The new behaviour contradicts the old: the loss over what is remembered rose from \(rounded(oldLossBefore)) to \(rounded(oldLossAfter)) nats; if the old is over, train anew."
      )
    }
    if sampledShare < 1 {
      record.warnings.append(
        "The input holds very many different units; \(Percentage.text(sampledShare)) of them were learned from, to keep within memory."
      )
    }
  }
}

extension UpdateRecord {
  var json: JSONValue {
    .object([
      "number": .integer(Int64(number)),
      "units": .object([
        "normal": .integer(Int64(normalUnits)), "mixed": .integer(Int64(mixedUnits)),
        "anomalous": .integer(Int64(anomalousUnits)),
        "learned": .integer(Int64(learnedUnits)), "withheld": .integer(Int64(withheldUnits)),
        "estranged": .integer(Int64(estrangedUnits)),
        "estranged_kinds": .array(estrangedKinds.map { .string($0) }),
        "sampled_share": .number(sampledShare),
      ]),
      "new_events": .integer(Int64(newEvents)),
      "new_normal_events": .integer(Int64(newNormalEvents)),
      "old_loss": .object([
        "before": .number(rounded(oldLossBefore)), "after": .number(rounded(oldLossAfter)),
      ]),
      "new_loss": .object([
        "before": .number(rounded(newLossBefore)), "after": .number(rounded(newLossAfter)),
      ]),
      "tuned": .bool(isTuned),
      "threshold": .object([
        "before": .number(rounded(thresholdBefore)), "after": .number(rounded(threshold)),
      ]),
      "new_kinds": .array(newKinds.map { .string($0) }),
      "promoted_kinds": .array(promotedKinds.map { .string($0) }),
      "retired_kinds": .array(retiredKinds.map { .string($0) }),
      "drift": drift.json,
    ])
  }

  /// Reads what ``json`` wrote; what is missing stays at its default.
  init(json: JSONValue) {
    number = json["number"]?.int.map { min(max($0, 0), 1 << 40) } ?? 0
    normalUnits = json["units"]?["normal"]?.int ?? 0
    mixedUnits = json["units"]?["mixed"]?.int ?? 0
    anomalousUnits = json["units"]?["anomalous"]?.int ?? 0
    learnedUnits = json["units"]?["learned"]?.int ?? 0
    withheldUnits = json["units"]?["withheld"]?.int ?? 0
    estrangedUnits = json["units"]?["estranged"]?.int ?? 0
    estrangedKinds = json["units"]?["estranged_kinds"]?.array?.compactMap(\.string) ?? []
    sampledShare = json["units"]?["sampled_share"]?.double ?? 1
    newEvents = json["new_events"]?.int ?? 0
    newNormalEvents = json["new_normal_events"]?.int ?? 0
    oldLossBefore = json["old_loss"]?["before"]?.double ?? 0
    oldLossAfter = json["old_loss"]?["after"]?.double ?? 0
    newLossBefore = json["new_loss"]?["before"]?.double ?? 0
    newLossAfter = json["new_loss"]?["after"]?.double ?? 0
    isTuned = json["tuned"]?.bool ?? true
    thresholdBefore = json["threshold"]?["before"]?.double ?? 0
    threshold = json["threshold"]?["after"]?.double ?? 0
    newKinds = json["new_kinds"]?.array?.compactMap(\.string) ?? []
    promotedKinds = json["promoted_kinds"]?.array?.compactMap(\.string) ?? []
    retiredKinds = json["retired_kinds"]?.array?.compactMap(\.string) ?? []
    drift = DriftSummary(json: json["drift"] ?? .null)
  }
}
