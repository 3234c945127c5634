import Glibc

/// A folder for files that are gone when it goes out of use.
final class TemporaryFolder {
  let path: String

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/birchlog-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw CommandFailure(
        .input,
        "No folder could be made in \(parent) (\(String(cString: strerror(errno)))); set TMPDIR to another."
      )
    }
    path = String(cString: made)
  }

  deinit {
    if let listing = opendir(path) {
      while let entry = readdir(listing) {
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { name in
            _ = unlinkat(dirfd(listing), name, 0)
          }
        }
      }
      closedir(listing)
    }
    rmdir(path)
  }
}
