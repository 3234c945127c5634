extension Unit {
  /// A hash that is the same in every process.
  var stableHash: UInt64 {
    var hash = StableHash()
    for event in events { hash.add(UInt64(truncatingIfNeeded: event)) }
    switch tail {
    case .none: hash.add(1)
    case .end: hash.add(2)
    case .open: hash.add(UInt64.max)
    case .event(let event): hash.add(UInt64(truncatingIfNeeded: event) &+ 3)
    }
    return hash.value
  }
}
