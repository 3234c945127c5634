import Glibc

/// What rotation leaves beside a log: files of its name with a number or a date behind it.
struct RotatedFiles {
  struct File {
    let name: String
    let status: stat
    /// No lines can be read from it as they stand.
    let isCompressed: Bool

    func isNewer(than other: stat) -> Bool {
      let (own, than) = (status.st_mtim, other.st_mtim)
      return (own.tv_sec, own.tv_nsec) > (than.tv_sec, than.tv_nsec)
    }
  }

  let files: [File]

  private static let packings = [".gz", ".xz", ".zst", ".bz2"]

  /// Looks beside `path`.
  init(beside path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "./"
    let own = slash.map { String(path[path.index(after: $0)...]) } ?? path
    var files: [File] = []
    if let listing = opendir(folder) {
      while let entry = readdir(listing) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name != own, name.hasPrefix(own) else { continue }
        var rest = name.dropFirst(own.count)
        let packing = Self.packings.first { rest.hasSuffix($0) }
        rest = rest.dropLast(packing?.count ?? 0)
        // Findings, snapshots and the like may lie there too.
        guard rest.contains(where: \.isNumber),
          rest.allSatisfy({ $0.isNumber || "._-:T".contains($0) })
        else { continue }
        var status = stat()
        guard stat(folder + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
          continue
        }
        files.append(File(name: folder + name, status: status, isCompressed: packing != nil))
      }
      closedir(listing)
    }
    self.files = files.sorted { $1.isNewer(than: $0.status) }
  }

  /// The files that were begun and ended after `old` and before the one at `path`, oldest first.
  func between(_ old: stat, and path: String) -> [File] {
    var now = stat()
    let current = stat(path, &now) == 0 ? FileIdentity(now) : nil
    return files.filter {
      let identity = FileIdentity($0.status)
      return $0.isNewer(than: old) && identity != FileIdentity(old) && identity != current
        && $0.status.st_size > 0
    }
  }
}
