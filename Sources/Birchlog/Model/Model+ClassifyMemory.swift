extension Model {
  /// Classifies windows of `length` events each, row by row.
  public func classify(windows events: [Int32], length: Int) throws(BirchlogError) -> [Finding] {
    guard length > 0 else { return [] }
    let predictsNext = UnitMaker(options: options, kind: unitKind).predictsNext
    let units = stride(from: 0, to: events.count - length + 1, by: length).enumerated().map {
      index, start in
      LocatedUnit(
        unit: Unit(
          events: Array(events[start..<(start + length)]), contextCount: predictsNext ? length : 0),
        session: Array("\(index)".utf8), window: index, lines: [], isOpen: false, source: 0)
    }
    return try findings(units, threads: 1)
  }

  /// Classifies whole sessions; their ids are their numbers from 0.
  public func classify(sessions: [[Int32]]) throws(BirchlogError) -> [Finding] {
    let maker = UnitMaker(options: options, kind: unitKind, scoresEnds: record.scoresEnds)
    let units = sessions.enumerated().flatMap { index, events in
      maker.units(of: Session(id: Array(String(index).utf8), events: events, ended: true))
    }
    return try findings(units, threads: 1)
  }

  /// The findings on units, each different one computed once.
  func findings(
    _ units: [LocatedUnit], threads: Int
  ) throws(BirchlogError) -> [Finding] {
    var cache = VerdictCache()
    return try cache.findings(units, model: self, threads: threads, sources: [])
  }
}
