import CBirchlog

/// The line on standard error that tells how far a command has come; silent where no person looks.
final class ProgressLine {
  private let isShown: Bool
  private let terminal = Terminal.standardError
  private var isDrawn = false
  private var lastStage = ""
  private var lastDrawn = 0.0
  private var stageBegan = 0.0

  init(quiet: Bool) {
    isShown = !quiet && terminal.isInteractive
  }

  /// Draws the state of a training over the one before.
  func show(_ progress: birchlog_progress) {
    guard isShown else { return }
    let stage = progress.stage.map { String(cString: $0) } ?? ""
    guard isDue(stage) else { return }
    var facts: [String] = []
    var share: Double?
    if progress.steps > 0 {
      let step = min(progress.step, progress.steps)
      share = Double(step) / Double(progress.steps)
      facts.append("\(step) of \(progress.steps)")
    } else if progress.step > 0 {
      facts.append(Numbers.grouped(Int(progress.step)))
    }
    if progress.loss.isFinite { facts.append("loss \(Numbers.fixed(progress.loss, 4))") }
    if progress.validation_loss.isFinite {
      facts.append("validation \(Numbers.fixed(progress.validation_loss, 4))")
    }
    if progress.rate.isFinite, progress.rate < 1e15 {
      facts.append("\(Numbers.grouped(Int(progress.rate.rounded())))/s")
    }
    // The library knows when a stage may end before its last step.
    let left =
      progress.remaining.isFinite
      ? ProgressBar.time(progress.remaining).map { $0 + " left at most" } : nil
    draw(Self.words[stage] ?? stage, share: share, left: left, facts: facts)
  }

  /// Draws how much of the inputs is read.
  func show(_ title: String, share: Double?, facts: [String]) {
    guard isShown, isDue(title) else { return }
    draw(
      title, share: share,
      left: share.flatMap { ProgressBar.remaining($0, elapsed: Clock.seconds - stageBegan) }
        .map { $0 + " left" }, facts: facts)
  }

  /// Not more than ten times a second, but at once when a stage begins.
  private func isDue(_ stage: String) -> Bool {
    let now = Clock.seconds
    guard stage == lastStage else {
      (lastStage, lastDrawn, stageBegan) = (stage, now, now)
      return true
    }
    guard now - lastDrawn >= 0.1 else { return false }
    lastDrawn = now
    return true
  }

  private func draw(_ title: String, share: Double?, left: String?, facts: [String]) {
    var parts = [title]
    if let share {
      parts.append(ProgressBar.text(share, width: 20))
      parts.append(Numbers.percent(share, 0))
    }
    if let left { parts.append(left) }
    parts += facts
    let text = parts.joined(separator: "  ")
    StandardError.write("\r\u{1B}[K" + DisplayText.truncate(text, to: terminal.width - 1))
    isDrawn = true
  }

  /// Takes the line away, before anything else is written.
  func clear() {
    guard isDrawn else { return }
    StandardError.write("\r\u{1B}[K")
    isDrawn = false
  }

  private static let words = [
    "reading": "Reading the logs",
    "normal": "Learning normal behaviour",
    "signatures": "Describing departures",
    "kinds": "Finding kinds",
    "classifier": "Training the classifier",
  ]
}
