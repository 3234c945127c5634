/// A fair sample of what passes by, of bounded size; the same input gives the same sample.
struct Reservoir<Element> {
  private(set) var elements: [Element] = []
  private let capacity: Int
  private var seen = 0
  private var state: UInt64

  init(capacity: Int, seed: UInt64) {
    self.capacity = capacity
    state = seed
  }

  /// Offers one more; `make` is called when it is to be kept (Vitter 1985, algorithm R).
  mutating func offer(_ make: () throws -> Element) rethrows {
    seen += 1
    guard elements.count >= capacity else { return elements.append(try make()) }
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let place = Int(truncatingIfNeeded: (state >> 33) % UInt64(seen))
    if place < capacity { elements[place] = try make() }
  }
}
