/// Counts in the text format that Prometheus scrapes (exposition format 0.0.4).
struct PrometheusText {
  private(set) var text = ""

  init(_ counts: StatisticsDocument, watch: WatchCounts) {
    add("lines_total", "counter", "Lines read.", counts.lines)
    add("lines_unassigned_total", "counter", "Lines without a session key.", counts.unassigned)
    add("lines_cut_total", "counter", "Lines longer than 1 MiB, which were cut.", watch.cutLines)
    add("lines_refused_total", "counter", "Lines that could not be read.", watch.refusedLines)
    add("unseen_events_total", "counter", "Events that training never saw.", counts.unseenEvents)
    add("sessions_opened_total", "counter", "Sessions opened.", counts.sessionsOpened)
    add("sessions_ended_total", "counter", "Sessions ended.", counts.sessionsEnded)
    add(
      "sessions_evicted_total", "counter", "Sessions ended to keep within the limits.",
      counts.sessionsEvicted)
    add("sessions_open", "gauge", "Sessions open now.", counts.sessionsOpen)
    add(
      "dropped_events_total", "counter", "Events beyond the longest session.", counts.droppedEvents)
    add("key_failures_total", "counter", "Lines whose key was given up.", counts.keyFailures)
    add("verdict_cache_hits_total", "counter", "Verdicts remembered.", counts.cacheHits)
    add("verdict_cache_misses_total", "counter", "Verdicts computed.", counts.cacheMisses)
    add("findings_total", "counter", "Units that ended.", counts.findings)
    add("early_findings_total", "counter", "Units found before they ended.", counts.earlyFindings)
    // The number of a longer id is larger.
    let kinds = counts.anomalies.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
    add(
      "anomalies_total", "counter", "Anomalous units by kind.",
      kinds.map { (labels: "kind=\"\(Self.escaped($0.key))\"", value: "\($0.value)") })
    add("lag_bytes", "gauge", "Bytes of the file not yet read.", Int(watch.lag))
    if let time = counts.logTime {
      add("log_time_seconds", "gauge", "Latest time in the log.", [("", Numbers.fixed(time, 3))])
    }
    add("rotations_total", "counter", "Times the file was replaced.", watch.rotations)
    add("snapshots_total", "counter", "Snapshots written by this process.", watch.snapshots)
    guard let drift = counts.drift else { return }
    add("drift", "gauge", "1 when the log has moved away from what it was.", drift.drifted ? 1 : 0)
    let signals = drift.signals.map { (labels: "signal=\"\(Self.escaped($0.name))\"", signal: $0) }
    add(
      "drift_value", "gauge", "Recent value of each signal of drift.",
      signals.map { (labels: $0.labels, value: Numbers.fixed($0.signal.value, 6)) })
    add(
      "drift_usual", "gauge", "Usual value of each signal of drift.",
      signals.map { (labels: $0.labels, value: Numbers.fixed($0.signal.usual, 6)) })
    add(
      "drift_evidence", "gauge", "Evidence of each signal; drift is told at 1.",
      signals.map { (labels: $0.labels, value: Numbers.fixed($0.signal.evidence, 6)) })
  }

  private mutating func add(_ name: String, _ type: String, _ help: String, _ value: Int) {
    add(name, type, help, [(labels: "", value: "\(value)")])
  }

  private mutating func add(
    _ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: String)]
  ) {
    text += "# HELP birchlog_\(name) \(help)\n# TYPE birchlog_\(name) \(type)\n"
    for sample in samples {
      let labels = sample.labels.isEmpty ? "" : "{\(sample.labels)}"
      text += "birchlog_\(name)\(labels) \(sample.value)\n"
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

/// What the command counts beside the library.
struct WatchCounts {
  var cutLines = 0
  var refusedLines = 0
  var lag: Int64 = 0
  var rotations = 0
  var snapshots = 0

  /// As members of a JSON object.
  var json: String {
    "\"lag_bytes\":\(lag),\"cut_lines\":\(cutLines),\"refused_lines\":\(refusedLines),\"rotations\":\(rotations),\"snapshots\":\(snapshots)"
  }
}
