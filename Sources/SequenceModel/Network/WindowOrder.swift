/// Windows in lexicographic order: those that begin alike are neighbours, and what they have in
/// common needs to be computed once.
struct WindowOrder: Sendable {
  /// `[count, length]` row-major, in the order in which they were given.
  let tokens: [Int32]
  let length: Int
  /// The window at each place of the order; equal windows stand as they were given.
  let rows: [Int32]
  /// First tokens that the window at each place shares with the one before it; 0 for the first.
  let shared: [Int32]

  var count: Int { rows.count }

  /// Orders windows by counting their tokens, the last position first and 11 bits at a time: O(count
  /// · length) for up to 2,048 different tokens. Tokens must not be negative.
  init(tokens: [Int32], length: Int) {
    self.tokens = tokens
    self.length = length
    let count = tokens.count / length
    var order = (0..<count).map { Int32(truncatingIfNeeded: $0) }
    if count > 1 { Self.sort(&order, tokens, length: length) }
    rows = order
    shared = order.indices.map { place in
      guard place > 0 else { return 0 }
      let (row, previous) = (Int(order[place]) * length, Int(order[place - 1]) * length)
      var same = 0
      while same < length, tokens[row + same] == tokens[previous + same] { same += 1 }
      return Int32(truncatingIfNeeded: same)
    }
  }

  private static func sort(_ order: inout [Int32], _ tokens: [Int32], length: Int) {
    let digit = 11
    let largest = Int(tokens.max() ?? 0)
    var starts = [Int](repeating: 0, count: min(largest, (1 << digit) - 1) + 2)
    var sorted = order
    for position in (0..<length).reversed() {
      var shift = 0
      repeat {
        for index in starts.indices { starts[index] = 0 }
        for row in order {
          let value = Int(tokens[Int(row) * length + position]) >> shift & ((1 << digit) - 1)
          starts[value + 1] += 1
        }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        for row in order {
          let value = Int(tokens[Int(row) * length + position]) >> shift & ((1 << digit) - 1)
          sorted[starts[value]] = row
          starts[value] += 1
        }
        swap(&order, &sorted)
        shift += digit
      } while largest >> shift > 0
    }
  }

  /// Different beginnings of the windows at some places: LSTM steps they take together.
  func prefixCount(_ places: Range<Int>) -> Int {
    places.reduce(0) { $0 + newPrefixes(at: $1, first: $1 == places.lowerBound) }
  }

  /// Steps that a window adds to those of the windows before it.
  func newPrefixes(at place: Int, first: Bool) -> Int {
    first ? length : length - Int(shared[place])
  }
}
