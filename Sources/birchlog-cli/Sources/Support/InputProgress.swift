import Glibc

/// How much of the input files the library has read: the kernel knows where it stands in each file
/// that this process holds open.
final class InputProgress {
  private let line: ProgressLine
  private let title: String
  private var files: [(device: UInt64, inode: UInt64, size: Double)] = []
  private let total: Double
  private let began = Clock.seconds
  private var lastAsked = 0.0

  /// - Parameter paths: in the order in which they are read.
  init(_ title: String, _ paths: [String], quiet: Bool) {
    self.title = title
    line = ProgressLine(quiet: quiet)
    for path in paths {
      var status = stat()
      guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      files.append((UInt64(status.st_dev), UInt64(status.st_ino), Double(status.st_size)))
    }
    total = files.count == paths.count ? files.reduce(0) { $0 + $1.size } : 0
  }

  /// Draws how far the library is.
  ///
  /// - Parameter units: verdicts so far.
  func show(units: Int, noun: String) {
    let now = Clock.seconds
    guard now - lastAsked >= 0.1 else { return }
    lastAsked = now
    var facts = [Numbers.count(units, noun)]
    var share: Double?
    if total > 0, let position {
      share = min(position / total, 1)
      let rate = position / 1e6 / max(now - began, 1e-3)
      facts.append("\(Numbers.fixed(rate, rate < 10 ? 1 : 0)) MB/s")
    }
    line.show(title, share: share, facts: facts)
  }

  func clear() { line.clear() }

  /// Bytes read of all files, as they are stored.
  private var position: Double? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let descriptor = Int32(name) else { continue }
      var status = stat()
      guard fstat(descriptor, &status) == 0,
        let index = files.indices.first(where: {
          files[$0].device == UInt64(status.st_dev) && files[$0].inode == UInt64(status.st_ino)
        })
      else { continue }
      let place = lseek(descriptor, 0, SEEK_CUR)
      guard place >= 0 else { continue }
      return files[..<index].reduce(0) { $0 + $1.size } + Double(place)
    }
    return nil
  }
}
