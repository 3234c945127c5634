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
final class WorkspacePool<Kept: Workspace>: @unchecked Sendable {
  /// Floats in idle workspaces at most: 8 MB.
  private let limit = 1 << 21
  private let lock = Lock()
  private var idle: [Kept] = []
  private var floats = 0
  private let make: @Sendable (_ capacity: ChunkCapacity, _ length: Int) -> Kept

  init(make: @escaping @Sendable (_ capacity: ChunkCapacity, _ length: Int) -> Kept) {
    self.make = make
  }

  /// Workspaces at rest.
  var count: Int { idle.count }

  /// Calls `body` with as many workspaces as there are workers.
  func with<Result>(
    workers: Int, capacity: ChunkCapacity, length: Int, _ body: ([Kept]) throws -> Result
  ) rethrows -> Result {
    var taken: [Kept] = []
    taken.reserveCapacity(workers)
    if lock.takeIfFree() {
      while taken.count < workers, let place = place(capacity, length) {
        taken.append(idle.remove(at: place))
        floats -= taken[taken.count - 1].floatCount
      }
      lock.release()
    }
    while taken.count < workers { taken.append(make(capacity, length)) }
    defer { keep(taken) }
    return try body(taken)
  }

  private func place(_ capacity: ChunkCapacity, _ length: Int) -> Int? {
    idle.lastIndex {
      $0.length == length && $0.capacity.rows >= capacity.rows
        && $0.capacity.steps >= capacity.steps
    }
  }

  /// The newest are kept: what fits no call any more goes first.
  private func keep(_ given: [Kept]) {
    guard lock.takeIfFree() else { return }
    for workspace in given where workspace.floatCount <= limit {
      idle.append(workspace)
      floats += workspace.floatCount
    }
    while floats > limit, !idle.isEmpty { floats -= idle.removeFirst().floatCount }
    lock.release()
  }
}
