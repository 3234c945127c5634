import LogText
import Threading

/// Batches that were learned and can be filled again: their room need not be asked for from the system anew.
final class SpareBatches: Sendable {
  private let userTemplates: UserTemplates
  private let spare = Guarded<[SkeletonBatch]>([])

  init(userTemplates: UserTemplates) { self.userTemplates = userTemplates }

  /// An empty batch.
  func take() -> SkeletonBatch {
    guard var batch = spare.withLock({ $0.popLast() }) else {
      return SkeletonBatch(userTemplates: userTemplates)
    }
    // Only now does nobody else hold it, so that its room is its own.
    batch.removeAll()
    return batch
  }

  /// Takes a batch back that was learned.
  func put(_ batch: SkeletonBatch) { spare.withLock { $0.append(batch) } }
}
