import CBirchlog
import Glibc

/// The line on standard error that tells how far a training has come; silent where no person looks.
final class ProgressLine {
  private let isShown: Bool
  private let terminal = Terminal.standardError
  private var isDrawn = false
  private var lastStage = ""
  private var lastDrawn = 0.0

  init(quiet: Bool) {
    isShown = !quiet && terminal.isInteractive
  }

  /// Draws the state over the one before.
  func show(_ progress: birchlog_progress) {
    guard isShown else { return }
    let stage = progress.stage.map { String(cString: $0) } ?? ""
    let now = Self.seconds
    guard stage != lastStage || now - lastDrawn >= 0.1 else { return }
    (lastStage, lastDrawn) = (stage, now)
    var text = Self.words[stage] ?? stage
    if progress.steps > 0 {
      text += "  \(min(progress.step, progress.steps)) of \(progress.steps)"
    } else if progress.step > 0 {
      text += "  \(progress.step)"
    }
    if progress.loss.isFinite { text += "  loss \(Numbers.fixed(progress.loss, 4))" }
    if progress.validation_loss.isFinite {
      text += "  validation \(Numbers.fixed(progress.validation_loss, 4))"
    }
    if progress.rate.isFinite, progress.rate < 1e15 {
      text += "  \(Numbers.grouped(Int(progress.rate.rounded()))) a second"
    }
    if progress.remaining.isFinite, progress.remaining < 1e9 {
      text += "  \(Int(progress.remaining.rounded(.up))) s left at most"
    }
    StandardError.write("\r\u{1B}[K" + DisplayText.truncate(text, to: terminal.width - 1))
    isDrawn = true
  }

  /// Takes the line away, before anything else is written.
  func clear() {
    guard isDrawn else { return }
    StandardError.write("\r\u{1B}[K")
    isDrawn = false
  }

  /// Time of a clock that never steps back.
  private static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static let words = [
    "reading": "Reading the logs",
    "normal": "Learning normal behaviour",
    "signatures": "Describing departures",
    "kinds": "Finding kinds",
    "classifier": "Training the classifier",
  ]
}
