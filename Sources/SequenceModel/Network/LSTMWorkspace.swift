/// What one chunk of windows leaves behind on its way through the LSTM layers; one worker uses it
/// at a time.
///
/// The chunk is a tree of beginnings: a *node* is what some windows share up to one time step, and
/// is computed once for all of them. Nodes stand time by time in the order of the windows, so that a
/// step is contiguous, all steps together are one matrix, and a window's whole is a node of the last
/// step, its *leaf*.
final class LSTMWorkspace: @unchecked Sendable {
  let length: Int
  let units: Int
  let capacity: ChunkCapacity
  /// Windows of the chunk at hand.
  private(set) var rows = 0
  /// The first node of each step, and behind the last one the number of nodes.
  private(set) var offsets: [Int]
  /// From this step on each node of the step before has one follower.
  private(set) var firstUnbranched = 0
  /// Token of each node.
  let tokens: UnsafeMutablePointer<Int32>
  /// The node of the step before that each node goes on from, counted within that step.
  let parents: UnsafeMutablePointer<Int32>
  /// The leaf of each window, counted within the last step, `[rows]`.
  let leaves: UnsafeMutablePointer<Int32>
  /// Hidden states of each layer, `[nodes, units]`.
  let hidden: [FloatBuffer]
  /// The same rounded, where layers run in 16-bit integers.
  let states: [AlignedBuffer<Int16>]
  /// Cell states of each layer, `[nodes, units]`; without training those of two steps.
  private let cell: [FloatBuffer]
  /// Activated gates of each layer, then their gradients, `[units / lanes][nodes, panel]`; training
  /// only.
  let gates: [FloatBuffer]
  /// Gate gradients of a layer summed over the nodes that go on from each, laid out like `gates`.
  let followerGates: FloatBuffer
  /// Dropout factors between a layer and the next and the hidden states after them, `[nodes,
  /// units]`; only with dropout.
  let masks, dropped: [FloatBuffer]
  /// Gradients of a layer's hidden states, and of the layer's below, `[nodes, units]`.
  let outputGradients: [FloatBuffer]
  /// Gradients of the cell states of two steps, `[rows, units]` each.
  let cellGradients: [FloatBuffer]

  /// The nodes that have followers: those whose followers' gates are summed up, and the rest.
  var nodesWithFollowers: (summed: Int, rest: Int) {
    let summed = offsets[firstUnbranched - 1]
    return (summed, offsets[length - 1] - summed)
  }

  /// Few nodes a step: what a layer's input adds to the gates is computed for all steps at once, so
  /// that its weights are read once.
  var isNarrow: Bool { nodeCount * 4 * units <= projected.count }
  /// Pre-activations by the input, `[nodes, 4 * units]`; only without training.
  let projected: FloatBuffer
  /// 0, 1, 2, …: each node has a row of its own in `projected`.
  let ownRows: UnsafeMutablePointer<Int32>
  /// Nodes a step up to which it pays.
  private static let narrowWidth = 4

  /// What training in bfloat16 needs beside the rest; made when it is first used.
  private(set) lazy var pairs = LSTMPairs(
    steps: capacity.steps, units: units, layers: hidden.count, dropped: dropped.count)

  private let keepsHistory: Bool
  private var cursors: [Int]
  private let path: UnsafeMutablePointer<Int>

  init(shape: LSTMShape, capacity: ChunkCapacity, length: Int, training: Bool) {
    self.capacity = capacity
    self.length = length
    units = shape.units
    keepsHistory = training
    offsets = [Int](repeating: 0, count: length + 1)
    cursors = [Int](repeating: 0, count: length)
    let count = capacity.steps * shape.units
    let depth = shape.layers.count
    tokens = Self.integers(capacity.steps)
    parents = Self.integers(capacity.steps)
    leaves = Self.integers(capacity.rows)
    let narrow = training || depth == 1 ? 0 : min(capacity.steps, Self.narrowWidth * length)
    projected = FloatBuffer(narrow * 4 * shape.units)
    ownRows = Self.integers(narrow)
    for index in 0..<narrow { ownRows[index] = Int32(truncatingIfNeeded: index) }
    path = .allocate(capacity: length)
    path.initialize(repeating: 0, count: length)
    hidden = (0..<depth).map { _ in FloatBuffer(count) }
    states = (0..<depth).map { _ in AlignedBuffer(count) }
    let step = capacity.rows * shape.units
    cell = (0..<depth).map { _ in FloatBuffer(training ? count : 2 * step) }
    gates = (0..<depth).map { _ in FloatBuffer(training ? 4 * count : 0) }
    followerGates = FloatBuffer(training ? 4 * count : 0)
    let between = training && shape.dropout > 0 ? depth - 1 : 0
    masks = (0..<between).map { _ in FloatBuffer(count) }
    dropped = (0..<between).map { _ in FloatBuffer(count) }
    outputGradients = (0..<2).map { _ in FloatBuffer(training ? count : 0) }
    cellGradients = (0..<2).map { _ in FloatBuffer(training ? step : 0) }
  }

  private static func integers(_ count: Int) -> UnsafeMutablePointer<Int32> {
    let base = UnsafeMutablePointer<Int32>.allocate(capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
    return base
  }

  deinit {
    tokens.deallocate()
    parents.deallocate()
    leaves.deallocate()
    ownRows.deallocate()
    path.deallocate()
  }

  /// Floats in all buffers.
  var floatCount: Int {
    let single = [followerGates, projected]
    let layers = [hidden, cell, gates, masks, dropped, outputGradients, cellGradients]
    return single.reduce(0) { $0 + $1.count } + layers.joined().reduce(0) { $0 + $1.count }
      + states.reduce(0) { $0 + $1.count / 2 }
  }

  /// Different beginnings of the chunk's windows, of every length.
  var nodeCount: Int { offsets[length] }
  /// Different windows of the chunk.
  var leafCount: Int { width(at: length - 1) }

  /// The nodes of a window's steps, by its leaf; what `body` gets lasts as long as the call.
  func withPath<Result>(to leaf: Int, _ body: (UnsafePointer<Int>) -> Result) -> Result {
    var node = leaf
    for time in (0..<length).reversed() {
      path[time] = offsets[time] + node
      node = Int(parents[path[time]])
    }
    return body(UnsafePointer(path))
  }

  /// Nodes of a step.
  func width(at time: Int) -> Int { offsets[time + 1] - offsets[time] }

  /// What the kernels need to find a step's nodes among those of the step before; nil where each has
  /// its own.
  func parents(at time: Int) -> UnsafePointer<Int32>? {
    time > 0 && width(at: time) > width(at: time - 1)
      ? UnsafePointer(parents + offsets[time]) : nil
  }

  /// Cell states of a layer at a step, `[width, units]`.
  func cell(_ layer: Int, at time: Int) -> UnsafeMutablePointer<Float> {
    cell[layer].base
      + (keepsHistory ? offsets[time] * units : time % 2 * capacity.rows * units)
  }

  /// The last layer's hidden states of the windows, `[leaves, units]`.
  var top: UnsafeMutablePointer<Float> {
    hidden[hidden.count - 1].base + offsets[length - 1] * units
  }

  /// Where the loss puts the gradient of the last layer's hidden states, `[nodes, units]`; cleared
  /// by `clearTopGradient`.
  var topGradient: UnsafeMutablePointer<Float> { outputGradients[0].base }

  /// The part of `topGradient` that belongs to the windows' last states, `[leaves, units]`.
  var leafGradient: UnsafeMutablePointer<Float> { topGradient + offsets[length - 1] * units }

  func clearTopGradient() {
    topGradient.update(repeating: 0, count: nodeCount * units)
  }

  /// Takes the windows at some places of an order and lays out the tree of their beginnings.
  func load(_ order: WindowOrder, places: Range<Int>) {
    rows = places.count
    countNodes(order, places: places)
    for time in 0..<length { cursors[time] = 0 }
    let (tokens, parents, length) = (tokens, parents, length)
    offsets.withUnsafeBufferPointer { offsets in
      cursors.withUnsafeMutableBufferPointer { cursors in
        order.tokens.withUnsafeBufferPointer { all in
          for place in places {
            let start = Int(order.rows[place]) * length
            for time in firstNew(order, place, of: places)..<length {
              let node = offsets[time] + cursors[time]
              tokens[node] = all[start + time]
              // Windows come in order: the newest node of the step before is the one they go on from.
              parents[node] = time > 0 ? Int32(truncatingIfNeeded: cursors[time - 1] - 1) : 0
              cursors[time] += 1
            }
            leaves[place - places.lowerBound] = Int32(truncatingIfNeeded: cursors[length - 1] - 1)
          }
        }
      }
    }
  }

  /// Takes one window of `length` tokens.
  func load(_ window: UnsafeBufferPointer<Int32>) {
    rows = 1
    firstUnbranched = 1
    leaves[0] = 0
    for time in 0..<length {
      offsets[time + 1] = time + 1
      tokens[time] = window[time]
      parents[time] = 0
    }
  }

  private func countNodes(_ order: WindowOrder, places: Range<Int>) {
    for time in 0..<length { cursors[time] = 0 }
    for place in places {
      for time in firstNew(order, place, of: places)..<length { cursors[time] += 1 }
    }
    firstUnbranched = 1
    for time in 0..<length {
      offsets[time + 1] = offsets[time] + cursors[time]
      if time > 0, cursors[time] > cursors[time - 1] { firstUnbranched = time + 1 }
    }
  }

  private func firstNew(_ order: WindowOrder, _ place: Int, of places: Range<Int>) -> Int {
    place == places.lowerBound ? 0 : Int(order.shared[place])
  }
}
