import SIMDKernels

/// What products in bfloat16 read of a chunk in training.
final class LSTMPairs {
  /// Hidden states of each layer, and the same after dropout, `[nodes, units / 2]` pairs.
  let hidden, dropped: [PairBuffer]
  /// Gate gradients of a layer, and their sums over followers, `[units / lanes][nodes, panel / 2]` pairs.
  let gates, followerGates: PairBuffer
  /// The two sides of a sum over nodes, which are then what is paired: `[nodes / 2, units]` and
  /// `[nodes / 2, panel]` pairs. The latter has room for all gates, of which a panel is a part.
  let nodeStates, nodeGates: PairBuffer

  init(steps: Int, units: Int, layers: Int, dropped count: Int) {
    let states = steps * units / 2
    hidden = (0..<layers).map { _ in PairBuffer(states) }
    dropped = (0..<count).map { _ in PairBuffer(states) }
    gates = PairBuffer(4 * states)
    followerGates = PairBuffer(4 * states)
    nodeStates = PairBuffer((steps + 1) / 2 * units)
    nodeGates = PairBuffer((steps + 1) / 2 * 4 * units)
  }
}
