/// The events a model knows, and the tokens by which its networks see them.
///
/// Tokens are dense: 0 pads, 1…n are the events seen in normal behaviour by ascending id, then one
/// for the end of a session and one for every event that normal behaviour never showed. `columns`
/// also counts the events that only unlabelled input held: they name kinds, but the model of normal
/// cannot tell them apart.
public struct Vocabulary: Sendable, Equatable {
  /// Ids of the events of normal behaviour, ascending.
  public let normalEvents: [Int32]
  /// Ids of all events seen in training, ascending; one signature column each.
  public let knownEvents: [Int32]

  /// Where training met more events than a model holds, the rare ones share ``rareEvent``: they are
  /// those below this number that are not known by their own. Nil where every event stands for
  /// itself.
  public let firstNew: Int32?

  /// What the rare events of a training with too many became.
  public static let rareEvent: Int32 = .max - 1

  private let tokenOfEvent: EventNumbers
  private let columnOfEvent: EventNumbers

  /// The token that fills the left of a short context.
  public static let padding: Int32 = 0

  /// A vocabulary of ids in any order, with or without repeats.
  public init(normal: some Sequence<Int32>, all: some Sequence<Int32>, firstNew: Int32? = nil) {
    self.firstNew = firstNew
    normalEvents = Set(normal).sorted()
    knownEvents = Set(all).union(normalEvents).sorted()
    tokenOfEvent = EventNumbers(normalEvents, from: 1)
    columnOfEvent = EventNumbers(knownEvents)
  }

  /// The token of a session's end.
  public var end: Int32 { Int32(truncatingIfNeeded: normalEvents.count + 1) }

  /// The token of an event that normal behaviour never showed.
  public var unseen: Int32 { Int32(truncatingIfNeeded: normalEvents.count + 2) }

  /// Number of tokens: the networks' input and output classes.
  public var tokenCount: Int { normalEvents.count + 3 }

  /// The token by which the networks see an event.
  public func token(of event: Int32) -> Int32 {
    tokenOfEvent[event] ?? (isRare(event) ? tokenOfEvent[Self.rareEvent] : nil) ?? unseen
  }

  /// Training met the event, but too seldom to tell it from others.
  private func isRare(_ event: Int32) -> Bool { firstNew.map { event < $0 } ?? false }

  /// The event behind a token; nil for padding, end and unseen.
  public func event(of token: Int32) -> Int32? {
    token > 0 && token <= Int32(truncatingIfNeeded: normalEvents.count)
      ? normalEvents[Int(token) - 1] : nil
  }

  /// The signature column of an event; nil when training never saw it.
  public func column(of event: Int32) -> Int? {
    (columnOfEvent[event] ?? (isRare(event) ? columnOfEvent[Self.rareEvent] : nil)).map { Int($0) }
  }

  public static func == (left: Vocabulary, right: Vocabulary) -> Bool {
    left.normalEvents == right.normalEvents && left.knownEvents == right.knownEvents
      && left.firstNew == right.firstNew
  }
}
