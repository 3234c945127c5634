import Testing

@testable import Birchlog

struct SessionEndsTests {
  private func store(ended: Int, open: Int, isNormal: Bool = true) -> UnitStore {
    var store = UnitStore()
    for index in 0..<(ended + open) {
      let tail: Unit.Tail = index < ended ? .end : .none
      store.add(
        Unit(events: [1, 2, Int32(index % 3)], tail: tail), isNormal: isNormal, fold: index % 4)
    }
    return store
  }

  private func areLearned(ended: Int, open: Int) -> Bool {
    SessionEnds(store(ended: ended, open: open)).areLearned(rate: 0.005)
  }

  @Test func endsAreLearnedWhereMostSessionsShowTheirs() {
    #expect(areLearned(ended: 5, open: 5))
    #expect(!areLearned(ended: 4, open: 5))
    #expect(!areLearned(ended: 0, open: 2000))
  }

  @Test func fewerDoWhereTheyAreEnoughToEstimateTheRateBy() {
    #expect(areLearned(ended: 200, open: 600))
    #expect(!areLearned(ended: 199, open: 597))
    #expect(!areLearned(ended: 200, open: 601))
  }

  @Test func onlyWhatNormalBehaviourIsLearnedFromCounts() {
    var store = store(ended: 0, open: 10)
    store.add(Unit(events: [9], tail: .end), isNormal: false, fold: 0)
    #expect(SessionEnds(store).ended == 0)
    #expect(SessionEnds(self.store(ended: 3, open: 0, isNormal: false)).ended == 3)
  }

  @Test func unitsThatDifferedByTheirEndsAreCountedTogether() {
    let store = store(ended: 6, open: 6)
    let open = store.withoutEnds()
    #expect(open.entries.count == 3)
    #expect(open.entries.allSatisfy { $0.unit.tail == .none })
    #expect(open.entries.reduce(0) { $0 + $1.normalCount } == 12)
    #expect(open.entries[0].normal == store.entries[0].normal &+ store.entries[3].normal)
  }

  @Test func anEndThatWasNotLearnedIsNoTarget() {
    let session = Session(id: [1], events: [1, 2], ended: true)
    let maker = UnitMaker(options: Options(), kind: .session, scoresEnds: false)
    #expect(maker.unit(0, of: session).unit.tail == .none)
    #expect(maker.units(of: session)[0].isOpen == false)
  }
}
