/// A distinct unit that the kinds were found from, kept so that a refit need not forget it.
public struct KindExample: Sendable, Equatable {
  public var unit: Unit
  /// Units like it, in training.
  public var count: Int
  /// Index of its kind.
  public var kind: Int
  public var session: [UInt8]
  public var firstLine: UInt64
}
