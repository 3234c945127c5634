/// Numbers of events by their ids. Ids are small as a rule, so that most stand in an array: hashing each event of a
/// unit several times took longer than most of what is computed from them.
struct EventNumbers: Sendable {
  /// The number of each small id, or −1.
  private var small: [Int32] = []
  private var others: [Int32: Int32] = [:]

  /// Numbers events in order, from `first` on. All must differ.
  init(_ events: [Int32], from first: Int32 = 0) {
    // Bounded by the number of events, whatever their ids.
    let limit = 8 * events.count + 1024
    let largest = events.reduce(-1) { Int($1) < limit ? max($0, Int($1)) : $0 }
    small = [Int32](repeating: -1, count: largest + 1)
    for (rank, event) in events.enumerated() {
      let number = first + Int32(truncatingIfNeeded: rank)
      if small.indices.contains(Int(event)) {
        small[Int(event)] = number
      } else {
        others[event] = number
      }
    }
  }

  /// The number of an event; nil when it has none.
  subscript(event: Int32) -> Int32? {
    guard small.indices.contains(Int(event)) else { return others.isEmpty ? nil : others[event] }
    let number = small[Int(event)]
    return number < 0 ? nil : number
  }
}
