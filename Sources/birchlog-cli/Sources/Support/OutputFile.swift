import Glibc

/// What the command writes: looked at before long work starts, and never left half written.
///
/// A regular file is replaced in one step, behind a symbolic link the file that it leads to; a device
/// and a named pipe are written straight; "-" is standard output.
enum OutputFile {
  /// Throws when one of `outputs` cannot be written, would destroy one of `inputs`, or is named
  /// twice, so that a training does not end in nothing.
  static func check(_ outputs: String?..., apartFrom inputs: [String?] = []) throws {
    var taken: [FileIdentity: String] = [:]
    for input in inputs {
      if let input, let identity = FileIdentity(input) { taken[identity] = input }
    }
    let read = Set(taken.keys)
    for case let output? in outputs {
      try check(output)
      guard let identity = FileIdentity(output) else { continue }
      if read.contains(identity), let input = taken[identity] {
        let name = input == output ? output : "\(output) (\(input))"
        throw CommandFailure(
          .usage, "\(name) would be read and written over; name another file for the output.")
      }
      guard taken.updateValue(output, forKey: identity) == nil else {
        throw CommandFailure(
          .usage, "\(output) is named for two outputs; give each a file of its own.")
      }
    }
  }

  /// Throws when `path` cannot be a file that is read again or replaced by itself, as `option` needs.
  static func checkIsFile(_ path: String?, for option: String) throws {
    guard let path else { return }
    guard !isStandardOutput(path), isReplaceable(path) else {
      throw CommandFailure(.usage, "\(option) \(path): that is no file, which this option needs.")
    }
  }

  /// Throws for a pipe, which would hold up whoever writes to it again and again.
  static func checkIsNoPipe(_ path: String?, for option: String) throws {
    var status = stat()
    guard let path, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return }
    throw CommandFailure(
      .usage,
      "\(option) \(path): that is a pipe, and counts are written again and again; name a file."
    )
  }

  /// Whether a path stands for standard output.
  static func isStandardOutput(_ path: String) -> Bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path)
  }

  /// Writes `text`: a reader of a file sees the old one or the new one, never a part.
  static func write(_ text: String, to path: String) throws {
    guard !isStandardOutput(path) else { return StandardOutput.shared.write(text) }
    guard isReplaceable(path) else {
      return try straight(path) { FileDescriptorWriter.write(Array(text.utf8), to: $0) }
    }
    let target = resolved(path)
    var template = Array("\(target).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure(path, errno) }
    var failure = FileDescriptorWriter.write(Array(text.utf8), to: descriptor)
    if failure == 0, fchmod(descriptor, mode(of: target)) != 0 { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(&template, target) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(&template)
      throw self.failure(path, failure)
    }
  }

  /// Lets `make` write a file, as the library does: to `path` itself, or, where that is no file, to
  /// one whose bytes follow.
  static func write(to path: String, by make: (String) throws -> Void) throws {
    guard isStandardOutput(path) || !isReplaceable(path) else { return try make(path) }
    let folder = try TemporaryFolder()
    let copy = "\(folder.path)/output"
    try make(copy)
    let source = open(copy, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw failure(copy, errno) }
    defer { close(source) }
    if isStandardOutput(path) {
      StandardOutput.shared.flush()
      let outcome = FileDescriptorWriter.copy(from: source, to: STDOUT_FILENO)
      guard outcome == 0 else { throw failure("Standard output", outcome) }
    } else {
      try straight(path) { FileDescriptorWriter.copy(from: source, to: $0) }
    }
  }

  /// The file that a path leads to, through symbolic links, whether it is there yet or not.
  static func resolved(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    var target = path
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    for _ in 0..<40 {
      let length = readlink(target, &buffer, buffer.count - 1)
      guard length > 0 else { break }
      let next = String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
      target = next.hasPrefix("/") ? next : "\(parent(of: target))/\(next)"
    }
    return target
  }

  /// The folder of a path.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func check(_ path: String) throws {
    guard !path.isEmpty else { throw CommandFailure(.usage, "An output has no name; give it one.") }
    guard !isStandardOutput(path) else { return }
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR:
        throw CommandFailure(.input, "\(path) is a folder; name a file for the output.")
      case S_IFCHR, S_IFIFO:
        guard access(path, W_OK) == 0 else { throw failure(path, errno) }
        return
      default:
        throw CommandFailure(.input, "\(path) is a disk or a socket; name a file for the output.")
      }
    }
    let folder = parent(of: resolved(path))
    guard stat(folder, &status) == 0 else {
      throw CommandFailure(
        .input, "\(path) cannot be written: the folder \(folder) does not exist.")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw CommandFailure(.input, "\(path) cannot be written: \(folder) is not a folder.")
    }
    guard access(folder, W_OK | X_OK) == 0 else { throw failure(path, errno) }
  }

  /// Whether a path names a regular file, or nothing yet.
  private static func isReplaceable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// Writes to a device or a pipe as it stands.
  private static func straight(_ path: String, _ write: (Int32) -> Int32) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw failure(path, errno) }
    var outcome = write(descriptor)
    if close(descriptor) != 0, outcome == 0 { outcome = errno }
    guard outcome == 0 else { throw failure(path, outcome) }
  }

  /// Permissions of the file that is replaced, else those of a new one.
  private static func mode(of target: String) -> mode_t {
    var status = stat()
    if stat(target, &status) == 0 { return status.st_mode & 0o777 }
    let mask = umask(0)
    umask(mask)
    return 0o666 & ~mask
  }

  private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
    CommandFailure(.input, "\(path) cannot be written: \(String(cString: strerror(code))).")
  }
}
