import LogText
import Testing

struct UnseenTemplatesTests {
  private func event(_ line: String, _ unseen: inout UnseenTemplates, _ trained: TemplateMiner) -> (
    Int32, Bool
  ) {
    let bytes = Array(line.utf8)
    return bytes.withUnsafeBytes { unseen.event(of: $0, trained: trained) }
  }

  @Test func unseenLinesGetEventsBehindTheTrainedOnes() {
    var trained = TemplateMiner()
    _ = trained.learn("disk 1 full")
    _ = trained.learn("link down")
    var unseen = UnseenTemplates(after: trained)
    #expect(event("disk 9 full", &unseen, trained) == (1, false))
    #expect(event("fan 3 stopped", &unseen, trained) == (3, true))
    #expect(event("fan 4 stopped", &unseen, trained) == (3, true))
    #expect(event("who knows", &unseen, trained) == (4, true))
    #expect(unseen.template(3)?.text == "fan <*> stopped")
    #expect(unseen.template(1) == nil)
    #expect(unseen.templates.map(\.id) == [3, 4])
  }

  @Test func theOverlayIsBounded() {
    let trained = TemplateMiner()
    var unseen = UnseenTemplates(after: trained, templates: 2)
    for line in ["one", "two", "three"] { _ = event(line, &unseen, trained) }
    #expect(unseen.templates.map(\.text) == ["two", "three"])
  }
}
