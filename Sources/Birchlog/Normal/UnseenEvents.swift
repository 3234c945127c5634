extension CountProfile {
  /// Whether normal units bring events that none before them showed as a matter of course.
  ///
  /// As many units bring a new event as bring one that no other unit shows (Good 1953).
  var expectsNewEvents: Bool {
    let single = columns.indices.count { isOfOneUnit($0) }
    return Double(single) > Self.usualShare * total
  }

  /// Whether exactly one normal unit shows the column's event.
  func isOfOneUnit(_ column: Int) -> Bool { atLeast(column, 1) == 1 }

  /// New events are usual from more than one in twenty units on. Where they are seldom, they are the
  /// best sign there is that a unit is anomalous, worth the false alarms.
  private static let usualShare = 0.05
}
