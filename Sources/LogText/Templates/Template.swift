/// The constant part of lines that say the same.
public struct Template: Sendable, Equatable {
  /// The event that lines of the template are; 1-based, never given to another template.
  public var id: Int32
  /// The template's text: `<*>` stands for each variable part. Valid UTF-8.
  public var text: String
  /// How many lines were learned.
  public var count: Int

  public init(id: Int32, text: String, count: Int) {
    self.id = id
    self.text = text
    self.count = count
  }
}

/// The value of a variable part in one line.
public struct Parameter: Sendable, Equatable {
  /// What it is, by its form.
  public var type: ParameterType
  /// Where it stands in the content.
  public var range: Range<Int>

  public init(type: ParameterType, range: Range<Int>) {
    self.type = type
    self.range = range
  }
}
