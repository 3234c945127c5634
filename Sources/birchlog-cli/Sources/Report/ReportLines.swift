/// Lines of a session as the report shows them: raw where they are known, else as templates.
enum ReportLines {
  /// Characters of a line that are shown.
  private static let length = 260

  /// Raw lines, the decisive ones marked; nil when no text is known.
  static func raw(_ raw: ExplanationDocument.Raw?, limit: Int) -> String? {
    guard let raw, raw.lines.contains(where: { $0.text != nil }) else { return nil }
    let shown = choose(raw.lines, limit: limit)
    var items = ""
    var last: Int?
    for index in shown {
      let line = raw.lines[index]
      if let last, skips(raw.lines, from: last, to: index) { items += gap("…") }
      items += item(line, isOnly: raw.lines.count == 1)
      last = index
    }
    let omitted = raw.omitted + raw.lines.count - shown.count
    if omitted > 0 { items += gap("\(Numbers.count(omitted, "other line"))") }
    return "<ol class=\"log\">\(items)</ol>"
  }

  private static func item(_ line: ExplanationDocument.Raw.Line, isOnly: Bool) -> String {
    let text = line.shown(in: length) ?? "(no longer held)"
    let offset = line.offset.map { " title=\"byte \(Numbers.grouped($0))\"" } ?? ""
    let body = HTMLText.escape(text)
    guard line.decisive, !isOnly else {
      return "<li><span class=\"id\"\(offset)>\(line.line)</span><span>\(body)</span></li>\n"
    }
    return
      "<li class=\"decisive\"><span class=\"id\"\(offset)>\(line.line)</span><span><mark>\(body)</mark><span class=\"sr\"> (decisive)</span></span></li>\n"
  }

  private static func gap(_ text: String) -> String {
    "<li class=\"soft\"><span class=\"id\"></span><span>\(text)</span></li>\n"
  }

  private static func skips(
    _ lines: [ExplanationDocument.Raw.Line], from last: Int, to next: Int
  ) -> Bool {
    guard let before = lines[last].position, let after = lines[next].position else { return false }
    return after > before + 1
  }

  /// The decisive lines and those around them.
  private static func choose(_ lines: [ExplanationDocument.Raw.Line], limit: Int) -> [Int] {
    guard lines.count > limit else { return Array(lines.indices) }
    var chosen = Set(lines.indices.filter { lines[$0].decisive }.prefix(limit))
    if chosen.isEmpty { chosen.insert(0) }
    let seeds = chosen
    var reach = 1
    while chosen.count < limit, reach < lines.count {
      for seed in seeds.sorted() {
        for place in [seed - reach, seed + reach]
        where lines.indices.contains(place) && chosen.count < limit {
          chosen.insert(place)
        }
      }
      reach += 1
    }
    return chosen.sorted()
  }

  /// A remembered sequence as templates.
  static func templates(_ sample: KindsDocument.Sample) -> String {
    let items = SampleSteps(sample).shown(around: 14).map { step in
      switch step {
      case .gap(let count): gap("… \(Numbers.count(count, "event"))")
      case .event(let event, let template, let repeats, let isDecisive):
        templateItem(event, template, repeats, isDecisive)
      }
    }
    return "<ol class=\"log\">\(items.joined())</ol>"
  }

  private static func templateItem(
    _ event: Int, _ template: String, _ repeats: Int, _ isDecisive: Bool
  ) -> String {
    let id = event >= 0 ? "E\(event)" : "end"
    let times = repeats > 1 ? " <span class=\"soft\">×\(repeats)</span>" : ""
    let text = template.count > length ? template.prefix(length - 1) + "…" : template
    let body = HTMLText.escape(text)
    guard isDecisive else {
      return "<li><span class=\"id\">\(id)</span><span>\(body)\(times)</span></li>\n"
    }
    return
      "<li class=\"decisive\"><span class=\"id\">\(id)</span><span><mark>\(body)</mark>\(times)<span class=\"sr\"> (decisive)</span></span></li>\n"
  }
}
