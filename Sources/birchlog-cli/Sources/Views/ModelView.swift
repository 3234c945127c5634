/// What a model is, in a few lines.
struct ModelView {
  let model: ModelDocument
  let kinds: KindsDocument
  let path: String

  /// The description as text.
  func text(for terminal: Terminal) -> String {
    var text = terminal.paint(DisplayText.clean(path), .bold) + "\n" + facts
    if !kinds.kinds.isEmpty {
      text += KindsView(kinds: kinds, model: model, samples: 0).overview(for: terminal, indent: 2)
    }
    for warning in model.warnings ?? [] {
      text += terminal.paint("  warning: ", .yellow) + DisplayText.clean(warning) + "\n"
    }
    return text
  }

  /// The lines on training, threshold and kinds.
  var facts: String {
    var rows: [(String, String)] = []
    if let learned = model.learned {
      var line = [
        Numbers.count(learned.normal ?? 0, "normal \(model.unitNoun)"),
        "\(Numbers.grouped(learned.mixed ?? 0)) mixed", Numbers.count(model.events ?? 0, "event"),
      ]
      if let windows = model.windows, !model.isOfWindows {
        line.append(
          "\(Numbers.grouped(windows.total)) windows, \(Numbers.grouped(windows.distinct)) distinct"
        )
      }
      rows.append(("learned from", line.joined(separator: ", ")))
    }
    if let ends = Self.ends(model) { rows.append(("ends", ends)) }
    if let proposal = model.sessionProposal {
      rows.append(("sessions", DisplayText.clean("\(proposal.choice): \(proposal.reason)")))
    }
    if model.isOfFiles { rows.append(("sessions", "each file is one")) }
    if let lines = model.lines, let keyless = lines.keyless, keyless > 0 {
      rows.append(
        (
          "left out",
          "\(Numbers.grouped(keyless)) of \(Numbers.count(lines.total ?? 0, "line")), for want of a session key"
        ))
    }
    if let training = model.training {
      var line = Numbers.count(training.epochs ?? 0, "epoch")
      if let last = training.validationLoss?.compactMap({ $0 }).min() {
        line += ", validation loss \(Numbers.fixed(last, 4)) nats"
      }
      if let share = training.setAsideShare {
        line += ", \(Numbers.percent(share)) set aside as suspicious"
      }
      rows.append(("training", line))
    }
    if let threshold = model.threshold {
      rows.append(("threshold", Self.line(threshold, model.unitNoun)))
      if let bound = threshold.upperBound, bound > 0 {
        rows.append(("to expect", Self.expectation(bound: bound, model.unitNoun)))
      }
    }
    if !kinds.kinds.isEmpty {
      let anomalous = kinds.kinds.filter { !$0.normal }.count
      var line = "\(kinds.kinds.count), \(anomalous) of them anomalous"
      if let silhouette = kinds.silhouette {
        line += ", mean silhouette \(Numbers.fixed(silhouette, 3))"
      }
      rows.append(("kinds", line))
    }
    return rows.map { name, line in
      "  " + name + String(repeating: " ", count: max(1, 14 - name.count)) + line + "\n"
    }.joined()
  }

  /// How many sessions were still open when the input ended; nil where hardly any was, or it is not known.
  private static func ends(_ model: ModelDocument) -> String? {
    guard !model.isOfWindows, (model.updates ?? []).isEmpty, let units = model.units,
      let ended = units.ended, ended > 0 || model.scoresEnds == false
    else { return nil }
    let isClean = (units.normal ?? 0) > 0
    let all = (isClean ? units.normal : units.mixed) ?? 0
    guard model.scoresEnds == false || ended * 10 < all * 9 else { return nil }
    let what =
      "\(Numbers.grouped(ended)) of \(Numbers.count(all, isClean ? "normal session" : "session"))"
    return model.scoresEnds == false
      ? "not scored: \(what) ended before the input did"
      : "\(what) ended before the input did, the others were still open"
  }

  /// Share of anomalous units for which findings are foreseen: scored sets hold more of them than
  /// logs do.
  private static let prevalence = 0.01

  /// What the bound on the false-positive rate means for an operator.
  static func expectation(bound: Double, _ unitNoun: String) -> String {
    let right = prevalence / (prevalence + (1 - prevalence) * bound)
    return
      "where \(Numbers.percent(prevalence, 0)) of the \(unitNoun)s are anomalous and all are found, at least \(Numbers.percent(right, 0)) of the findings are right"
  }

  /// The threshold with what is known about its rate.
  static func line(_ threshold: ModelDocument.Threshold, _ unitNoun: String) -> String {
    var line = "score \(Numbers.fixed(threshold.score, 2)) nats"
    if let target = threshold.targetRate {
      line += "; aims at \(Numbers.percent(target)) false alarms"
    }
    if let measured = threshold.measuredRate {
      line += ", measured \(Numbers.percent(measured, 2))"
      if let units = threshold.units { line += " of \(Numbers.grouped(units)) normal \(unitNoun)s" }
    }
    if let bound = threshold.upperBound {
      line += ", at most \(Numbers.percent(bound, 2)) with 95 % confidence"
    }
    return line
  }
}
