import Glibc

/// An event that came too often or too rarely.
struct EventCount: Decodable {
  let template: String
  let occurrences: Int
  let surprisal: Double
  /// "many" or "few".
  let direction: String

  /// Share of normal units with so many, or so few.
  var normalShare: Double { exp(-surprisal) }
}
