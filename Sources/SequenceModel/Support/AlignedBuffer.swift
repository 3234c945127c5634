/// Zeroed numbers at an address that does not move, aligned for every vector width.
///
/// The one place where this module owns memory by hand: kernels take pointers, and threads share
/// buffers whose parts they write apart.
final class AlignedBuffer<Element: Numeric>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ count: Int) {
    self.count = max(count, 0)
    let bytes = max(self.count, 1) * MemoryLayout<Element>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.bindMemory(to: Element.self, capacity: max(self.count, 1))
    base.initialize(repeating: .zero, count: self.count)
  }

  convenience init(_ values: [Element]) {
    self.init(values.count)
    for index in values.indices { base[index] = values[index] }
  }

  deinit {
    UnsafeMutableRawPointer(base).deallocate()
  }

  func clear() {
    base.update(repeating: .zero, count: count)
  }

  var array: [Element] {
    Array(UnsafeBufferPointer(start: base, count: count))
  }
}

typealias FloatBuffer = AlignedBuffer<Float>
