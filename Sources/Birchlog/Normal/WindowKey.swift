/// A context of tokens as a dictionary key.
struct WindowKey: Hashable {
  let tokens: ArraySlice<Int32>

  static func == (left: WindowKey, right: WindowKey) -> Bool { left.tokens == right.tokens }

  func hash(into hasher: inout Hasher) {
    tokens.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}
