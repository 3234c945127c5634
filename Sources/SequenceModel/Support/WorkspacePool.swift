import Threading

/// What a network's calls need to compute and leave behind.
protocol Workspace: AnyObject, Sendable {
  /// Tokens in its windows.
  var length: Int { get }
  /// What it has room for.
  var capacity: ChunkCapacity { get }
  /// Floats that it holds.
  var floatCount: Int { get }
}

/// Workspaces that calls leave behind for later ones: for a single window, allocating one takes a
/// good part of the time. Any number of threads may use it.
///
/// Nobody ever waits for it. A call that finds it in use makes a workspace of its own; so does a
/// forked child in whose parent it was in use.
final class WorkspacePool<Kept: Workspace>: Sendable {
  /// Workspaces at rest, and the floats that they hold.
  private struct State {
    var idle: [Kept] = []
    var floats = 0
  }

  /// Floats in idle workspaces at most: 8 MB.
  private static var limit: Int { 1 << 21 }
  private let state = Guarded(State())
  private let make: @Sendable (_ capacity: ChunkCapacity, _ length: Int) -> Kept

  init(make: @escaping @Sendable (_ capacity: ChunkCapacity, _ length: Int) -> Kept) {
    self.make = make
  }

  /// Workspaces at rest.
  var count: Int { state.withLock { $0.idle.count } }

  /// Calls `body` with as many workspaces as there are workers.
  func with<Result>(
    workers: Int, capacity: ChunkCapacity, length: Int, _ body: ([Kept]) throws -> Result
  ) rethrows -> Result {
    var taken: [Kept] =
      state.withLockIfAvailable { state -> [Kept] in
        var taken: [Kept] = []
        taken.reserveCapacity(workers)
        while taken.count < workers, let place = Self.place(in: state.idle, capacity, length) {
          taken.append(state.idle.remove(at: place))
          state.floats -= taken[taken.count - 1].floatCount
        }
        return taken
      } ?? []
    while taken.count < workers { taken.append(make(capacity, length)) }
    defer { keep(taken) }
    return try body(taken)
  }

  private static func place(
    in idle: [Kept], _ capacity: ChunkCapacity, _ length: Int
  ) -> Int? {
    idle.lastIndex {
      $0.length == length && $0.capacity.rows >= capacity.rows
        && $0.capacity.steps >= capacity.steps
    }
  }

  /// The newest are kept: what fits no call any more goes first.
  private func keep(_ given: [Kept]) {
    _ = state.withLockIfAvailable { state in
      for workspace in given where workspace.floatCount <= Self.limit {
        state.idle.append(workspace)
        state.floats += workspace.floatCount
      }
      while state.floats > Self.limit, !state.idle.isEmpty {
        state.floats -= state.idle.removeFirst().floatCount
      }
    }
  }
}
