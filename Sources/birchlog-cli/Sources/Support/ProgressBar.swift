import Glibc

/// The drawing of how much is done, and how long the rest will take.
enum ProgressBar {
  /// A bar of `width` columns, filled to `share`.
  static func text(_ share: Double, width: Int) -> String {
    let share = share.isFinite ? min(max(share, 0), 1) : 0
    let halves = Int((share * Double(2 * width)).rounded(.down))
    let full = String(repeating: "━", count: halves / 2)
    let half = halves % 2 == 1 ? "╸" : ""
    return full + half + String(repeating: " ", count: width - halves / 2 - half.count)
  }

  /// The time that the rest takes when it goes on as it went, as `1:05`; nil while that is a guess.
  static func remaining(_ share: Double, elapsed: Double) -> String? {
    guard share > 0.01, share < 1, elapsed > 1 else { return nil }
    return time(elapsed / share * (1 - share))
  }

  /// Seconds as `1:05` or `1:00:05`; nil for more than a hundred hours.
  static func time(_ seconds: Double) -> String? {
    guard seconds.isFinite, seconds >= 0, seconds < 360_000 else { return nil }
    let whole = Int(seconds.rounded(.up))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return whole < 3600
      ? "\(whole / 60):\(two(whole % 60))"
      : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }
}

/// A clock that never steps back.
enum Clock {
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
