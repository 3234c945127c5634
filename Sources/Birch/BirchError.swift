/// Why a call into this module was refused. Every case leaves the receiver as it was before the call.
public enum BirchError: Error, Sendable, Equatable {
  /// The number of values is not a multiple of the dimension, or a point has another dimension.
  case dimensionMismatch(expected: Int, found: Int)
  /// A dimension outside `1...BirchLimits.dimension`.
  case unsupportedDimension(Int)
  /// NaN, an infinity, or a magnitude above `BirchLimits.magnitude`, at this column.
  case valueOutOfRange(column: Int)
  /// A weight that is not a number in `BirchLimits.weight`.
  case invalidWeight(Double)
  /// A sum of squared deviations that is negative or not finite.
  case invalidDeviations(Double)
  /// An option outside its range.
  case invalidOption(name: String, reason: String)
  /// The memory budget holds less than one full leaf; `minimum` bytes are needed.
  case memoryBudgetTooSmall(given: Int, minimum: Int)
  /// Two arrays that must be of equal length are not.
  case lengthMismatch(what: String, expected: Int, found: Int)
  /// More entries than a quadratic method may take.
  case tooManyEntries(count: Int, limit: Int)
  /// Bytes that are not a serialised tree of this format.
  case malformedTree(reason: String)

  /// A sentence for a person: what was wrong and what would be accepted.
  public var message: String {
    switch self {
    case .dimensionMismatch(let expected, let found):
      return "A point has \(found) values where \(expected) are expected."
    case .unsupportedDimension(let dimension):
      return "The dimension \(dimension) is outside 1 to \(BirchLimits.dimension)."
    case .valueOutOfRange(let column):
      return "The value in column \(column) is not a finite number of magnitude up to"
        + " \(BirchLimits.magnitude)."
    case .invalidWeight(let weight):
      return "The weight \(weight) is outside \(BirchLimits.weight.lowerBound) to"
        + " \(BirchLimits.weight.upperBound)."
    case .invalidDeviations(let deviations):
      return "The sum of squared deviations \(deviations) is not a finite number of at least 0."
    case .invalidOption(let name, let reason):
      return "The option \(name) \(reason)."
    case .memoryBudgetTooSmall(let given, let minimum):
      return "A memory budget of \(given) bytes holds less than one leaf; give at least"
        + " \(minimum) bytes."
    case .lengthMismatch(let what, let expected, let found):
      return "There are \(found) \(what) where \(expected) are expected."
    case .tooManyEntries(let count, let limit):
      return "\(count) entries are more than the \(limit) this linkage can take; raise the"
        + " tree's threshold or use average or ward linkage."
    case .malformedTree(let reason):
      return "These bytes are not a clustering-feature tree: \(reason)."
    }
  }
}

/// The ranges inside which squares and products stay finite in `Double`.
public enum BirchLimits {
  /// The largest number of columns.
  public static let dimension = 1 << 20
  /// The largest absolute value of a coordinate.
  public static let magnitude = 1e100
  /// The weights a point or a feature may carry.
  public static let weight = 1e-50...1e50
  /// The largest number of features that the global phase takes at once.
  public static let globalEntries = 100_000
  /// The largest number of entries for linkages that hold every pair in memory (576 MB there).
  public static let pairwiseEntries = 12_000
}
