import Testing

@testable import Birchlog

@Suite struct UnitTests {
  private func maker(_ json: String, _ kind: Options.UnitKind) throws -> UnitMaker {
    UnitMaker(options: try Options(json: json), kind: kind)
  }

  @Test func everyEventOfASessionIsScoredOnceInWindowsThatDoNotOverlap() throws {
    let maker = try maker(#"{"unit":"window","window":4}"#, .window)
    let session = Session(id: [1], events: Array(0..<11), ended: true)
    let units = maker.units(of: session)
    #expect(units.flatMap { Array($0.unit.body) } == Array(0..<11))
    #expect(units[1].unit.contextCount == 4)
    #expect(units.allSatisfy { $0.unit.tail == .none })
  }

  @Test func whatFollowsASessionIsKnownWhereEndsWereLearned() throws {
    for (ended, mayGoOn, scoresEnds, tail) in [
      (true, false, true, Unit.Tail.end), (false, true, true, .open), (false, false, true, .none),
      (true, false, false, .none), (false, true, false, .none),
    ] {
      let maker = UnitMaker(
        options: try Options(json: "{}"), kind: .session, scoresEnds: scoresEnds)
      var session = Session(id: [1], events: [4, 5], ended: ended)
      session.mayGoOn = mayGoOn
      #expect(maker.units(of: session).map(\.unit.tail) == [tail])
    }
  }

  @Test func unitsOfEveryTailAreKeptInAFile() throws {
    let tails: [Unit.Tail] = [.none, .open, .end, .event(7)]
    let units = tails.map { Unit(events: [1, 2, 3], contextCount: 1, tail: $0) }
    var runs = UnitRuns()
    for unit in units { runs.add(unit) }
    let restored = units.indices.map { runs.unit($0, fields: UnitRuns.fields(of: units[$0])[...]) }
    #expect(restored == units)
    #expect(Set(units.map(\.stableHash)).count == units.count)
  }

  @Test func thePapersWindowsAreOneEventApartAndPredictTheNext() throws {
    let maker = try maker(#"{"preset":"paper","window":3}"#, .window)
    let session = Session(id: [1], events: [5, 6, 7, 8, 9], ended: true)
    let units = maker.units(of: session).map(\.unit)
    #expect(
      units == [
        Unit(events: [5, 6, 7], contextCount: 3, tail: .event(8)),
        Unit(events: [6, 7, 8], contextCount: 3, tail: .event(9)),
      ])
  }

  @Test func aStreamIsCutAsItsWholeSessionWouldBe() throws {
    for json in [
      #"{"unit":"window","window":4}"#, #"{"unit":"window","window":5,"stride":2}"#,
      #"{"preset":"paper","window":3}"#,
    ] {
      let maker = try maker(json, .window)
      let events: [Int32] = Array(0..<23)
      var cutter = WindowCutter(maker: maker, name: Array("f".utf8), source: 0)
      var cut: [Unit] = []
      for (index, event) in events.enumerated() {
        if let located = cutter.add(event, line: UInt64(index + 1)) { cut.append(located.unit) }
      }
      if let rest = cutter.finish() { cut.append(rest.unit) }
      let whole = maker.units(of: Session(id: [], events: events, ended: true)).map(\.unit)
      #expect(cut == whole)
    }
  }

  @Test func theEndOfASessionIsATargetOnlyWhenItIsKnown() throws {
    let maker = try maker("{}", .session)
    let ended = maker.units(of: Session(id: [], events: [1, 2], ended: true))[0].unit
    let open = maker.units(of: Session(id: [], events: [1, 2], ended: false))[0].unit
    #expect(ended.targetCount == 3)
    #expect(open.targetCount == 2)
  }

  @Test func renumberedUnitsThatBecomeEqualAreCountedTogether() {
    var store = UnitStore()
    store.add(Unit(events: [1, 2]), isNormal: true, fold: 0, session: [1])
    store.add(Unit(events: [1, 3], tail: .event(3)), isNormal: true, fold: 1)
    store.add(Unit(events: [1, 3]), isNormal: false, fold: 0, session: [2])
    store.renumber { $0 == 3 ? 2 : $0 }
    #expect(
      store.entries.map(\.unit) == [Unit(events: [1, 2]), Unit(events: [1, 2], tail: .event(2))])
    #expect(store.entries.map(\.count) == [2, 1])
    #expect(store.entries[0].session == [1])
    #expect(store.entries[0].mixedCount == 1)
  }

  @Test func equalUnitsAreStoredOnceWithTheirCounts() {
    var store = UnitStore()
    for fold in 0..<4 { store.add(Unit(events: [1, 2]), isNormal: true, fold: fold) }
    store.add(Unit(events: [1, 2]), isNormal: false, fold: 2)
    store.add(Unit(events: [2, 1]), isNormal: false, fold: 0)
    #expect(store.entries.count == 2)
    #expect(store.entries[0].normalCount == 4)
    #expect(store.entries[0].mixedCount == 1)
  }

  @Test func tokensAreDenseAndUnseenEventsShareOne() {
    let vocabulary = Vocabulary(normal: [7, 3, 7], all: [3, 7, 40])
    #expect(vocabulary.token(of: 3) == 1)
    #expect(vocabulary.token(of: 7) == 2)
    #expect(vocabulary.token(of: 40) == vocabulary.unseen)
    #expect(vocabulary.token(of: 99) == vocabulary.unseen)
    #expect(vocabulary.column(of: 40) == 2)
    #expect(vocabulary.column(of: 99) == nil)
    #expect(vocabulary.tokenCount == 5)
  }

  @Test func eventsAreNumberedWhateverTheirIds() {
    let events: [Int32] = [0, 3, 4, 900, 2_000, 1_000_000, .max]
    let numbers = EventNumbers(events, from: 5)
    #expect(events.map { numbers[$0] } == [5, 6, 7, 8, 9, 10, 11])
    for other in [-1, 1, 5, 899, 1_999, 2_001, .max - 1, .min] as [Int32] {
      #expect(numbers[other] == nil)
    }
    #expect(EventNumbers([])[0] == nil)
  }
}
