import Glibc

/// The right to change a file, which at most one process has at a time.
///
/// It is an advisory lock (`flock`) of the operating system, so it ends with its process, however that
/// ends. A file that is replaced by renaming is locked under the name that it has: whoever got the
/// lock of a file that was replaced meanwhile tries the new one.
final class FileLock {
  private let path: String
  private let descriptor: Int32
  private let isOwn: Bool

  /// Seconds that an edit waits for another one.
  static let patience = 60
  /// Milliseconds between two attempts.
  private static let pause: Int32 = 20

  deinit {
    // A name is removed by the holder of its lock only; whoever waits for it finds that it is gone.
    if isOwn { unlink(path) }
    close(descriptor)
  }

  private init(path: String, descriptor: Int32, isOwn: Bool) {
    (self.path, self.descriptor, self.isOwn) = (path, descriptor, isOwn)
  }

  /// Runs `edit`, which reads and replaces `path` or only replaces it, while no other command does.
  ///
  /// - Parameter patience: seconds after which it gives up.
  static func holding(
    _ path: String, patience: Int = patience, _ edit: () throws -> Void
  ) throws {
    let lock = try take(path, patience: patience) {
      "\(path) is being changed by another birchlog command; try again when that has ended."
    }
    defer { withExtendedLifetime(lock) {} }
    try edit()
  }

  /// Takes the lock beside a file that is replaced again and again; the lock is a file of its own,
  /// `path.lock`, which goes with it.
  static func beside(_ path: String, refusal: String) throws -> FileLock? {
    try take("\(OutputFile.resolved(path)).lock", creates: true, patience: 0) { refusal }
  }

  /// Locks an open file; false when another process has it.
  static func lock(_ descriptor: Int32) -> Bool {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  /// The lock, or nil where there is no regular file, or none that can be locked.
  private static func take(
    _ path: String, creates: Bool = false, patience: Int, refusal: () -> String
  ) throws -> FileLock? {
    let deadline = time(nil) + patience
    while true {
      let descriptor = open(
        path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (creates ? O_CREAT : 0), 0o644)
      guard descriptor >= 0 else { return nil }
      var own = stat()
      var named = stat()
      guard fstat(descriptor, &own) == 0, own.st_mode & S_IFMT == S_IFREG else {
        close(descriptor)
        return nil
      }
      let isLocked = lock(descriptor)
      if isLocked, stat(path, &named) == 0, FileIdentity(named) == FileIdentity(own) {
        return FileLock(path: path, descriptor: descriptor, isOwn: creates)
      }
      close(descriptor)
      guard !isLocked else { continue }
      guard time(nil) < deadline else { throw CommandFailure(.input, refusal()) }
      _ = poll(nil, 0, pause)
    }
  }
}
