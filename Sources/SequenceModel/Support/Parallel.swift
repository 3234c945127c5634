import Glibc
import Synchronization

/// Runs `body(task, worker)` for every task in `0..<tasks` on up to `threads` threads, the calling
/// one among them, and returns when all are done.
///
/// Threads live for this call only: a library inside someone's log agent keeps none. Which worker
/// takes which task is not fixed, so a body must write to places that belong to its task. When the
/// system refuses a thread the others do its work.
func parallel(
  tasks: Int, threads: Int, _ body: @escaping @Sendable (_ task: Int, _ worker: Int) -> Void
) {
  let workers = min(max(threads, 1), max(tasks, 1))
  guard workers > 1 else {
    for task in 0..<max(tasks, 0) { body(task, 0) }
    return
  }
  let queue = TaskQueue(tasks: tasks, body: body)
  var started: [pthread_t] = []
  for worker in 1..<workers {
    let start = Unmanaged.passRetained(WorkerStart(queue: queue, worker: worker))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
        start.queue.drain(worker: start.worker)
        return nil
      }, start.toOpaque())
    if status == 0 {
      started.append(thread)
    } else {
      start.release()
    }
  }
  queue.drain(worker: 0)
  for thread in started { pthread_join(thread, nil) }
}

private final class WorkerStart {
  let queue: TaskQueue
  let worker: Int

  init(queue: TaskQueue, worker: Int) {
    self.queue = queue
    self.worker = worker
  }
}

/// Hands out task numbers one by one.
private final class TaskQueue: Sendable {
  private let tasks: Int
  private let body: @Sendable (Int, Int) -> Void
  private let next = Atomic(0)

  init(tasks: Int, body: @escaping @Sendable (Int, Int) -> Void) {
    self.tasks = tasks
    self.body = body
  }

  func drain(worker: Int) {
    while true {
      let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if task >= tasks { return }
      body(task, worker)
    }
  }
}
