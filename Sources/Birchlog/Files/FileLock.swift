import Glibc

/// The right to change a file, which at most one owner has at a time, here or in another process.
///
/// It is an advisory lock (`flock`) of the operating system, so it ends with its process, however that
/// ends. A file that is replaced by renaming is locked under the name that it has: whoever got the
/// lock of a file that was replaced meanwhile tries the new one.
public final class FileLock {
  private let descriptor: Int32

  /// Milliseconds between two attempts.
  private static let pause: Int32 = 20

  /// Takes the lock; nil where there is no regular file, or none that can be opened.
  ///
  /// - Parameter seconds: how long to wait for another owner; 0, not at all.
  /// - Throws: `io` when another owner still has it then.
  public init?(path: String, patience seconds: Int) throws(BirchlogError) {
    let deadline = time(nil) + max(seconds, 0)
    while true {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { return nil }
      var (own, named) = (stat(), stat())
      guard fstat(descriptor, &own) == 0, own.st_mode & S_IFMT == S_IFREG else {
        close(descriptor)
        return nil
      }
      // A file system without locks has nobody to wait for.
      let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
      if isLocked, stat(path, &named) == 0, named.st_dev == own.st_dev, named.st_ino == own.st_ino {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
      // One that was replaced meanwhile is tried anew at once, but not for ever: some file systems never
      // name the file that they opened.
      guard time(nil) < (isLocked ? deadline + 2 : deadline) else {
        throw .io("\(path) is being changed by another program; try again when that has ended.")
      }
      if !isLocked { _ = poll(nil, 0, Self.pause) }
    }
  }

  deinit { close(descriptor) }
}
