import CBirchlog
import Glibc

/// The library's lock of a file, by which commands and programs that change it wait for each other.
final class FileLock {
  private let handle: OpaquePointer
  /// A name that goes with the lock.
  private let name: String

  /// Seconds that an edit waits for another one.
  static let patience = 60

  private init(_ handle: OpaquePointer, removing name: String) {
    (self.handle, self.name) = (handle, name)
  }

  deinit {
    // A name is removed by the holder of its lock only; whoever waits for it finds that it is gone.
    unlink(name)
    birchlog_file_lock_release(handle)
  }

  /// Runs `edit`, which reads and replaces `path` or only replaces it, while nobody else does.
  ///
  /// - Parameter patience: seconds after which it gives up.
  static func holding(
    _ path: String, patience: Int = patience, _ edit: () throws -> Void
  ) throws {
    var handle: OpaquePointer?
    try CommandFailure.check(birchlog_file_lock_take(path, UInt32(clamping: patience), &handle))
    defer { birchlog_file_lock_release(handle) }
    try edit()
  }

  /// Takes the lock beside a file that is replaced again and again; the lock is a file of its own,
  /// `path.lock`, which goes with it. Nil where there can be none.
  static func beside(_ path: String, refusal: String) throws -> FileLock? {
    let name = "\(OutputFile.resolved(path)).lock"
    while true {
      let descriptor = open(name, O_RDONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o644)
      guard descriptor >= 0 else { return nil }
      var status = stat()
      let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      close(descriptor)
      guard isRegular else { return nil }
      var handle: OpaquePointer?
      guard birchlog_file_lock_take(name, 0, &handle) == BIRCHLOG_OK else {
        throw CommandFailure(.input, refusal)
      }
      // Without a handle its last holder has just removed it.
      if let handle { return FileLock(handle, removing: name) }
    }
  }

  /// Locks an open file; false when another process has it.
  static func lock(_ descriptor: Int32) -> Bool {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }
}
