extension NormalModel {
  /// How many of a unit's events it takes until it is anomalous whatever follows; nil when only its
  /// end or its average makes it so. The same rule as in a stream.
  ///
  /// - Parameter score: the unit's.
  func alarm(in unit: Unit, score: UnitScore, detection: Detection) -> Int? {
    guard unit.contextCount < unit.events.count else { return nil }
    var open = OpenScore()
    var counts: [Int: Int32] = [:]
    for (index, event) in unit.body.enumerated() where index < score.surprises.count {
      let column = vocabulary.column(of: event) ?? vocabulary.knownEvents.count
      let count = counts[column, default: 0] &+ 1
      counts[column] = count
      open.add(score.surprises[index], drift: detection.threshold.drift)
      open.rank = max(open.rank, score.ranks[index])
      open.excess = max(open.excess, self.counts.excess(column: column, count: count))
      if detection.isCertain(open) { return index + 1 }
    }
    return nil
  }
}

extension Unit {
  /// The unit as it was when only so many of its body's events had come.
  func beginning(_ count: Int) -> Unit {
    Unit(events: Array(events.prefix(contextCount + count)), contextCount: contextCount)
  }
}

extension UnitScore {
  /// The score of a unit that goes on: nothing is missing yet, and what it is like is not known.
  var early: UnitScore {
    var score = self
    score.counts = counts.map { max($0, 0) }
    score.contrast = 0
    score.goesOn = true
    return score
  }
}
