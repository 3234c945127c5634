/// A named value of a record, where the format has such.
public struct RecordField: Sendable, Equatable {
  public var name: String
  public var value: [UInt8]

  /// Fields of a record that are given at most.
  static let limit = 64
}
