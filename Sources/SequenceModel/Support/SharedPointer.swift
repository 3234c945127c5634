/// A pointer that threads may share because each writes a part of its own and all are joined before
/// the memory goes.
struct SharedPointer: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>

  /// Fills a new array of `count` floats through a pointer.
  static func fill(_ count: Int, _ body: (SharedPointer) -> Void) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let base = buffer.baseAddress else { return }
      base.initialize(repeating: 0, count: count)
      body(SharedPointer(base: base))
      initialized = count
    }
  }
}
