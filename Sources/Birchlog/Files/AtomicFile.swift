import Glibc

/// Writes a file in one step: beside the target first, then renamed over it, so that nobody ever
/// sees a part.
///
/// What was neither committed nor discarded is discarded when the value goes out of use.
public final class AtomicFile {
  /// Temporary names that are tried before giving up; more than one is taken only after crashes.
  private static let attempts = 64

  /// The target as the user named it, for messages.
  private let path: String
  /// The target with symbolic links followed, so that the link stays and the file behind it
  /// changes.
  private let target: String
  private let temporary: String
  private var descriptor: Int32

  /// Opens a temporary file beside the target.
  ///
  /// An existing target keeps its permissions.
  ///
  /// - Throws: `io` when the target is anything but a regular file, or its folder cannot be
  ///   written.
  public init(path: String) throws(BirchlogError) {
    guard !path.isEmpty else { throw .io("Cannot write a file without a name; name one.") }
    var information = stat()
    let exists = stat(path, &information) == 0
    if !exists, errno == ELOOP { throw Self.failure(ELOOP, path) }
    if exists, information.st_mode & S_IFMT != S_IFREG {
      // Renaming over a device such as /dev/null would put an ordinary file in its place.
      let what = information.st_mode & S_IFMT == S_IFDIR ? "a folder" : "no regular file"
      throw .io("Cannot write \(path): it is \(what); name a file.")
    }
    let target = Self.resolved(path)
    var name = ""
    var descriptor: Int32 = -1
    var failure = EEXIST
    for attempt in 0..<Self.attempts where descriptor < 0 && failure == EEXIST {
      name = "\(target).\(getpid())-\(attempt).part"
      descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      failure = errno
    }
    guard descriptor >= 0 else { throw Self.failure(failure, path) }
    if exists { fchmod(descriptor, information.st_mode & 0o777) }
    self.path = path
    self.target = target
    temporary = name
    self.descriptor = descriptor
  }

  deinit { discard() }

  /// Appends bytes.
  ///
  /// - Throws: `io`; the file is discarded then.
  public func write(_ bytes: [UInt8]) throws(BirchlogError) {
    let failure: Int32? = bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : ENOSPC }
        done += count
      }
      return nil
    }
    if let failure { throw discarding(failure) }
  }

  /// Overwrites bytes at a position that was written before.
  ///
  /// - Throws: `io`; the file is discarded then.
  public func overwrite(_ bytes: [UInt8], at position: Int) throws(BirchlogError) {
    let failure: Int32? = bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        let count = pwrite(descriptor, rest.baseAddress, rest.count, position + done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : ENOSPC }
        done += count
      }
      return nil
    }
    if let failure { throw discarding(failure) }
  }

  /// Puts the file in the target's place, safe against a crash from here on.
  ///
  /// - Throws: `io`; the target is as it was then.
  public func commit() throws(BirchlogError) {
    guard fsync(descriptor) == 0, rename(temporary, target) == 0 else { throw discarding(errno) }
    close(descriptor)
    descriptor = -1
    // The name is safe only when its folder is; some file systems cannot do that, which is no
    // error.
    let folder = open(Self.folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Takes back what was written; the target is as it was.
  public func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
    descriptor = -1
  }

  /// What a system error number means.
  static func reason(_ number: Int32) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }

  private func discarding(_ number: Int32) -> BirchlogError {
    discard()
    return Self.failure(number, path)
  }

  private static func failure(_ number: Int32, _ path: String) -> BirchlogError {
    // A file system of the kernel's own, such as /proc.
    if number == ENOENT, isFolder(folder(of: path)) {
      return .io("Cannot write \(path): its folder takes no new files; choose another.")
    }
    let remedy =
      switch number {
      case ENOENT: "; create its folder first"
      case ENOTDIR: "; a part of the path is a file, name another folder"
      case EACCES, EPERM, EROFS: "; choose a folder that you may write to"
      case ELOOP: "; its symbolic links lead to each other, name another file"
      case ENOSPC, EDQUOT: "; free some space or choose another disk"
      case EEXIST: "; remove the old \"\(path).*.part\" files beside it"
      default: ""
      }
    return .io("Cannot write \(path): \(reason(number))\(remedy).")
  }

  private static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// More symbolic links in a row than the operating system follows.
  private static let linkLimit = 40

  /// The file that a path leads to, whether it is there yet or not.
  private static func resolved(_ path: String) -> String {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    var target = path
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    for _ in 0..<linkLimit {
      let length = readlink(target, &buffer, buffer.count - 1)
      guard length > 0 else { break }
      let next = String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
      target = next.hasPrefix("/") ? next : "\(folder(of: target))/\(next)"
    }
    return target
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
