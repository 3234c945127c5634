/// Tells once, in a line, that the log has moved away from what the model learned, and what to do.
struct DriftNotice {
  /// The model file and the log, as the command was given them.
  let model: String
  let log: String
  private var isTold = false

  init(model: String, log: String) {
    self.model = model
    self.log = log
  }

  /// The line, the first time that there is drift to tell of.
  mutating func text(of drift: StatisticsDocument.Drift) -> String? {
    guard drift.drifted, !isTold else { return nil }
    isTold = true
    // The signal that set it off may have calmed down since; the strongest says most.
    let moved = drift.signals.filter { $0.evidence >= 1 }
    let named =
      moved.isEmpty ? drift.signals.sorted { $0.evidence > $1.evidence }.prefix(1) : moved[...]
    let what = named.map(Self.words).joined(separator: "; ")
    let learned = log == "-" ? "LOG" : log
    return
      "the log has moved away from what the model learned: \(what). Learn on: birchlog update -m \(model) --normal CLEAN \(learned) -o \(model), where CLEAN is what is known to be normal of it: without that, what the model calls anomalous is not learned as normal"
  }

  private static func words(_ signal: StatisticsDocument.Drift.Signal) -> String {
    switch signal.name {
    case "unseen":
      "\(percent(signal.value)) of the latest units hold events that training never saw (usual: up to \(percent(signal.usual)))"
    case "unknown":
      "\(percent(signal.value)) of the latest units are anomalous and of no known kind (usual: up to \(percent(signal.usual)))"
    default:
      "the mean surprise of units that are not anomalous is \(Numbers.fixed(signal.value, 3)) nats (usual: up to \(Numbers.fixed(signal.usual, 3)))"
    }
  }

  private static func percent(_ share: Double) -> String {
    "\(Numbers.fixed(100 * share, share < 0.1 ? 1 : 0)) %"
  }
}
