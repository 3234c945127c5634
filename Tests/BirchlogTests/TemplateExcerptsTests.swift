import Testing

@testable import Birchlog

@Suite struct TemplateExcerptsTests {
  private let head = "<*>: to=<<*>>, relay=none, delay=<*>, delays=<*>, dsn=<*>,"
  private var templates: [String] {
    ["timed out)", "refused)"].map {
      "\(head) status=deferred (connect to <*>[<*>]:<*>: Connection \($0)"
    }
      + ["\(head) status=sent (<*> <*> Ok: queued as <*>)", "<*>: removed"]
  }

  @Test func longTemplatesThatBeginAlikeAreCutToWhatTellsThemApart() {
    let excerpts = TemplateExcerpts(templates)
    let cut = templates.map { excerpts.excerpt($0, limit: 60, lead: 20) }
    #expect(cut[0] == "… Connection timed out)")
    #expect(cut[1] == "… Connection refused)")
    #expect(cut[2] == "… dsn=<*>, status=sent (<*> <*> Ok: queued as <*>)")
    #expect(cut[3] == templates[3])
  }

  @Test func whatFitsIsToldWhole() {
    let template = "<*>: relay=none, delay=<*>, status=expired"
    let excerpts = TemplateExcerpts(templates + [template])
    #expect(excerpts.excerpt(template, limit: template.count, lead: 12) == template)
    #expect(
      excerpts.excerpt(template, limit: template.count - 1, lead: 12)
        == "… delay=<*>, status=expired")
  }

  @Test func whatDoesNotFitATableIsCutForItThoughALineWouldHoldIt() {
    let template = "<*>: relay=none, delay=<*>, status=expired"
    let excerpts = TemplateExcerpts(templates + [template])
    #expect(
      excerpts.excerpt(template, limit: 100, lead: 12, whole: 28) == "… delay=<*>, status=expired")
    #expect(excerpts.excerpt("<*>: expired", limit: 100, lead: 12, whole: 28) == "<*>: expired")
  }

  @Test func whatTellsATemplateApartAtOnceStandsFirst() {
    let template =
      "Unhandled java.lang.NullPointerException: " + String(repeating: "word ", count: 40)
    let excerpt = TemplateExcerpts(templates + [template]).excerpt(template, limit: 60, lead: 20)
    #expect(excerpt.hasPrefix("Unhandled java.lang.NullPointerException: word"))
    #expect(excerpt.count == 60 && excerpt.hasSuffix("…"))
  }

  @Test func aTemplateThatTheLogNeverShowedIsCutAtItsNewWord() {
    let excerpts = TemplateExcerpts(templates)
    #expect(
      excerpts.excerpt("\(head) status=expired, returned to sender", limit: 60, lead: 20)
        == "… dsn=<*>, status=expired, returned to sender")
    #expect(excerpts.excerpt(String(repeating: "<*> ", count: 40), limit: 20, lead: 5).count == 20)
  }
}
