import Glibc

/// Files that the command writes: checked before long work starts, and never left half written.
enum OutputFile {
  /// Throws when `path` cannot become a file, so that a training does not end in nothing.
  static func check(_ path: String) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR {
        throw CommandFailure(.input, "\(path) is a folder; name a file for the output.")
      }
    }
    let folder = parent(of: path)
    guard stat(folder, &status) == 0 else {
      throw CommandFailure(
        .input, "\(path) cannot be written: the folder \(folder) does not exist.")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw CommandFailure(.input, "\(path) cannot be written: \(folder) is not a folder.")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw CommandFailure(.input, "\(path) cannot be written: \(reason(errno)).")
    }
  }

  /// Replaces `path` by `text` in one step: a reader sees the old file or the new one, never a part.
  static func write(_ text: String, to path: String) throws {
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw CommandFailure(.input, "\(path) cannot be written: \(reason(errno)).")
    }
    var failure = FileDescriptorWriter.write(Array(text.utf8), to: descriptor)
    let mask = umask(0)
    umask(mask)
    if failure == 0, fchmod(descriptor, 0o666 & ~mask) != 0 { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(&template, path) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(&template)
      throw CommandFailure(.input, "\(path) cannot be written: \(reason(failure)).")
    }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func reason(_ code: Int32) -> String {
    String(cString: strerror(code))
  }
}
