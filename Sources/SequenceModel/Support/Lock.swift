import Glibc

/// Mutual exclusion of threads.
final class Lock: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func take() { pthread_mutex_lock(mutex) }

  /// Takes it without waiting; false when another thread has it.
  func takeIfFree() -> Bool { pthread_mutex_trylock(mutex) == 0 }

  func release() { pthread_mutex_unlock(mutex) }
}
