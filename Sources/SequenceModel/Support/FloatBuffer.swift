/// Zeroed floats at an address that does not move, aligned for every vector width.
///
/// The one place where this module owns memory by hand: kernels take pointers, and threads share
/// buffers whose parts they write apart.
final class FloatBuffer: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(_ count: Int) {
    self.count = max(count, 0)
    let bytes = max(self.count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.bindMemory(to: Float.self, capacity: max(self.count, 1))
    base.initialize(repeating: 0, count: self.count)
  }

  convenience init(_ values: [Float]) {
    self.init(values.count)
    for index in values.indices { base[index] = values[index] }
  }

  deinit {
    UnsafeMutableRawPointer(base).deallocate()
  }

  func clear() {
    base.update(repeating: 0, count: count)
  }

  var array: [Float] {
    Array(UnsafeBufferPointer(start: base, count: count))
  }
}
