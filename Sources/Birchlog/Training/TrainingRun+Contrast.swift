import Glibc

extension TrainingRun {
  /// Different unlabelled units that it takes to say what they have in common.
  private static let fewestMixed = 20
  /// The contrast is weighed where it finds so much more of the unlabelled units: fewer would not be
  /// worth a second way to be wrong.
  private static let smallestGain = 0.05

  /// What was learned of normal behaviour together with what sets the unlabelled units apart from it, where
  /// that finds more of them at the same rate of false positives.
  ///
  /// It takes clean input: without it the unlabelled units would be set apart from a part of themselves.
  func withContrast(
    _ training: NormalTraining, lost: Double, store: UnitStore
  ) throws(BirchlogError) -> NormalTraining {
    let mixed = store.entries.filter { $0.mixedCount > 0 && $0.normalCount == 0 }
    guard options.contrast, options.detector == .surprise, !options.largestKindIsNormal,
      mixed.count >= Self.fewestMixed, lost == 0,
      store.entries.contains(where: { $0.normalCount > 0 })
    else { return training }
    let examples = store.entries.flatMap { entry in
      [(entry.normalCount, false), (entry.mixedCount, true)].filter { $0.0 > 0 }.map {
        Contrast.Example(unit: entry.unit, isMixed: $1, weight: log1p(Double($0)))
      }
    }
    guard let contrast = Contrast(examples) else { return training }
    var result = training
    for (index, unit) in training.sampleUnits.enumerated() {
      result.samples[index].contrast = contrast.score(of: unit)
    }
    result.model.contrast = contrast
    result.threshold = Threshold(
      samples: result.samples, drift: training.threshold.drift, rate: options.falsePositiveRate,
      weighsContrast: true)
    let scores = try result.model.score(mixed.map(\.unit), threads: threads, goesOn: goesOn)
    var found = (without: 0.0, with: 0.0, all: 0.0)
    for (entry, score) in zip(mixed, scores) {
      let weight = log1p(Double(entry.mixedCount))
      found.all += weight
      if training.threshold.score(of: score) > training.threshold.score { found.without += weight }
      if result.threshold.score(of: score) > result.threshold.score { found.with += weight }
    }
    return found.with - found.without >= Self.smallestGain * found.all ? result : training
  }
}
