import Threading

/// Cuts templates to what tells them from the others of a log.
///
/// Many logs begin dozens of templates with the same words, such as the fields of one program. Where a
/// template is too long to be shown, the words that no other has are what a reader needs.
struct TemplateExcerpts: Sendable {
  private struct Cut: Hashable, Sendable {
    var template: String
    var limit: Int
    var lead: Int
    var whole: Int
  }

  /// How many templates have a word.
  private let counts: [Substring: Int]
  /// What was cut before: findings name few templates again and again.
  private let made = Guarded([Cut: String]())
  private static let madeLimit = 4_096
  /// Characters that a table of 100 columns has room for.
  static let tableLength = 28

  init(_ templates: [String]) {
    var counts: [Substring: Int] = [:]
    for template in templates {
      for word in Set(template.split(separator: " ")) { counts[word, default: 0] += 1 }
    }
    self.counts = counts
  }

  /// The template, or a stretch of it around its most telling word, with "…" where others are left out.
  ///
  /// - Parameters:
  ///   - limit: characters at most.
  ///   - lead: characters that may stand before the telling word.
  ///   - whole: a template of no more characters is told whole; of no more than `limit` where nil.
  func excerpt(_ template: String, limit: Int, lead: Int, whole: Int? = nil) -> String {
    let cut = Cut(template: template, limit: limit, lead: lead, whole: whole ?? limit)
    if let known = made.withLock({ $0[cut] }) { return known }
    let text = make(cut)
    made.withLock { if $0.count < Self.madeLimit { $0[cut] = text } }
    return text
  }

  private func make(_ cut: Cut) -> String {
    let (template, limit, lead) = (cut.template, cut.limit, cut.lead)
    let words = template.split(separator: " ")
    guard template.count > min(cut.whole, limit) else { return template }
    guard let telling = telling(words) else { return Self.cut(template, limit) }
    var start = telling
    var length = 0
    while start > 0, length + words[start - 1].count < lead {
      start -= 1
      length += words[start].count + 1
    }
    let text = words[start...].joined(separator: " ")
    return start > 0 ? "… " + Self.cut(text, limit - 2) : Self.cut(text, limit)
  }

  /// The first of the words that fewest templates have.
  private func telling(_ words: [Substring]) -> Int? {
    words.indices.filter { words[$0].replacing("<*>", with: "").contains { $0.isLetter } }
      .min { (counts[words[$0]] ?? 0, $0) < (counts[words[$1]] ?? 0, $1) }
  }

  private static func cut(_ text: String, _ limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }
}

extension Model {
  /// The template of an event, or what tells it from the model's others, in so many characters at most.
  ///
  /// - Parameters:
  ///   - lead: characters that may stand before what tells it from the others.
  ///   - whole: a template of no more characters is told whole; of no more than `limit` where nil.
  func excerpt(of template: String, limit: Int, lead: Int, whole: Int? = nil) -> String {
    reasonMemory.excerpts {
      TemplateExcerpts(normal.vocabulary.knownEvents.map { lines.template(of: $0) })
    }
    .excerpt(template, limit: limit, lead: lead, whole: whole)
  }
}
