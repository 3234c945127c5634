import Glibc

/// How far a unit departs from usual ones by all of its signs together: what each lies above the median of
/// usual units, in steps from there to their upper quartile.
///
/// The most surprising event tells most where anomalies were learned from, and adds up as it is. How odd a
/// unit is on average says little of a short one, and a long run of odd events says that a place of the log
/// was never seen, not how far it is from normal: these count by their logarithm. Medians and quartiles are
/// hardly moved by what is rare.
struct Oddness {
  private var peak: Scale
  private var average: Scale
  private var run: Scale

  private struct Scale {
    var median: Double
    var step: Double

    /// Steps above the median.
    func callAsFunction(_ value: Double) -> Double { (value - median) / step }
  }

  /// A step is never less than this, in nats for the peak and the run, in nats an event for the average:
  /// a log may be so regular that half of its units are alike.
  private static let smallestStep = 2.0
  private static let smallestAverageStep = 0.2
  /// A run is the only sign of what departs by many events of which none is out of the ordinary.
  private static let weightOfRun = 2.0

  init(usual samples: [Threshold.Sample]) {
    func scale(_ sign: (Threshold.Sample) -> Double, smallest: Double) -> Scale {
      let values = samples.map { (value: sign($0), count: $0.count) }
        .sorted { $0.value < $1.value }
      let median = Self.quantile(sorted: values, 0.5)
      return Scale(
        median: median, step: max(Self.quantile(sorted: values, 0.75) - median, smallest))
    }
    peak = scale(\.peak, smallest: Self.smallestStep)
    average = scale(\.average, smallest: Self.smallestAverageStep)
    run = scale(\.run, smallest: Self.smallestStep)
  }

  func callAsFunction(_ sample: Threshold.Sample) -> Double {
    peak(sample.peak) + log1p(max(average(sample.average), 0))
      + Self.weightOfRun * log1p(max(run(sample.run), 0))
  }

  private static func quantile(sorted: [(value: Double, count: Int)], _ share: Double) -> Double {
    var left = share * Double(sorted.reduce(0) { $0 + $1.count })
    for (value, count) in sorted {
      left -= Double(count)
      if left <= 0 { return value }
    }
    return sorted.last?.value ?? 0
  }
}
