/// The rule by which a unit is called anomalous: its score lies above a limit.
struct Detection {
  let detector: Options.Detector
  let topG: Int
  let threshold: Threshold

  init(options: Options, threshold: Threshold) {
    detector = options.detector
    topG = options.topG
    self.threshold = threshold
  }

  /// What is compared with ``limit``: the unit's score in nats, or with top-g its worst rank.
  func score(of unit: UnitScore) -> Double {
    switch detector {
    case .surprise: threshold.score(of: unit)
    case .topG: Double(unit.worstRank)
    }
  }

  /// A unit that scores more is anomalous.
  var limit: Double {
    switch detector {
    case .surprise: threshold.score
    case .topG: Double(topG)
    }
  }

  /// What no later event takes back of a unit's score.
  func certainScore(_ score: OpenScore) -> Double {
    switch detector {
    case .surprise:
      threshold.combined(
        peak: Double(score.surprise) + Double(score.excess), average: 0, run: score.largestRun)
    case .topG: Double(score.rank)
    }
  }

  /// Whether a unit is anomalous by what no later event takes back, beyond what is harmless.
  func isCertain(_ score: OpenScore) -> Bool {
    certainScore(score) > max(limit, score.harmlessScore)
  }

  func isAnomalous(_ unit: UnitScore) -> Bool { score(of: unit) > limit }
}
