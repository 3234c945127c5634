import Glibc

/// A task on a thread of its own while the caller goes on. Where the system refuses a thread, the task runs when it is waited for.
final class Worker: @unchecked Sendable {
  // Written by the worker's thread only, read after it was joined.
  private let task: @Sendable () -> Void
  private var thread: pthread_t?

  /// Begins the task.
  init(_ task: @escaping @Sendable () -> Void) {
    self.task = task
    let argument = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Worker>.fromOpaque(argument).takeRetainedValue().task()
        return nil
      }, argument.toOpaque())
    if status == 0 { self.thread = thread } else { argument.release() }
  }

  /// Waits until the task is done; to be called once.
  func wait() {
    if let thread { pthread_join(thread, nil) } else { task() }
  }
}

/// What a task leaves behind for who waits for it.
final class WorkerOutput<Value>: @unchecked Sendable {
  var value: Value

  init(_ value: Value) { self.value = value }
}
