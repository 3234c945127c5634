import Testing

@testable import Birchlog

struct RareEventsTests {
  private func store(_ units: [[Int32]]) -> UnitStore {
    var store = UnitStore()
    for events in units { store.add(Unit(events: events), isNormal: true, fold: 0) }
    return store
  }

  @Test func fewEventsStandForThemselves() {
    let store = store([[1, 2], [3]])
    let rare = RareEvents(store, limit: 3)
    #expect(rare.firstNew == nil)
    #expect(rare.warning == nil)
    #expect(rare.shared(store).entries.map(\.unit) == store.entries.map(\.unit))
  }

  @Test func theRarestShareOneAndEveryOccurrenceCounts() {
    let store = store([[1, 1, 1], [2, 2, 9], [2, 2, 8], [5, 1]])
    let rare = RareEvents(store, limit: 3)
    #expect((rare.events, rare.occurrences) == (3, 3))
    #expect(rare.firstNew == 10)
    let shared = rare.shared(store)
    #expect(shared.entries.map(\.count) == [1, 2, 1])
    #expect(shared.entries[1].unit.events == [2, 2, Vocabulary.rareEvent])
  }

  @Test func eventsThatCameOnceAreNotKept() {
    let rare = RareEvents(store((0..<50).map { [$0] }), limit: 10)
    #expect(rare.events == 50)
  }

  @Test func aRareEventIsKnownAndANewOneIsNot() {
    let vocabulary = Vocabulary(
      normal: [2, Vocabulary.rareEvent], all: [2, Vocabulary.rareEvent], firstNew: 10)
    #expect(vocabulary.token(of: 7) == vocabulary.token(of: Vocabulary.rareEvent))
    #expect(vocabulary.column(of: 7) == 1)
    #expect(vocabulary.token(of: 10) == vocabulary.unseen)
    #expect(vocabulary.column(of: 10) == nil)
  }
}
