import Glibc
import Testing

@testable import Birchlog

@Suite struct FileTests {
  private let folder = "/tmp/birchlog-file-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  private var path: String { "\(folder)/target" }

  init() { mkdir(folder, 0o700) }

  /// The names in the folder; the folder is removed.
  private func cleared() -> [String] {
    var names: [String] = []
    if let directory = opendir(folder) {
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
      }
      closedir(directory)
    }
    for name in names { unlink("\(folder)/\(name)") }
    rmdir(folder)
    return names.sorted()
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return (error as? BirchlogError)?.message ?? ""
    }
  }

  @Test func aFileThatIsNotCommittedLeavesTheOldOneAndNothingElse() throws {
    try write([1, 2, 3], to: path)
    do {
      let second = try AtomicFile(path: path)
      try second.write([9])
      second.discard()
      #expect(throws: BirchlogError.self) { try second.commit() }
      let forgotten = try AtomicFile(path: path)
      try forgotten.write([9])
    }
    #expect(try fileBytes(path, limit: 10) == [1, 2, 3])
    #expect(cleared() == ["target"])
  }

  @Test func theOldFileStandsUntilTheNewOneIsWhole() throws {
    try write([1], to: path)
    let file = try AtomicFile(path: path)
    try file.write([2, 3])
    try file.overwrite([4], at: 0)
    #expect(try fileBytes(path, limit: 10) == [1])
    try file.commit()
    #expect(try fileBytes(path, limit: 10) == [4, 3])
    #expect(cleared() == ["target"])
  }

  @Test func twoWritersOfOneFileDoNotMixTheirBytes() throws {
    let first = try AtomicFile(path: path)
    let second = try AtomicFile(path: path)
    try first.write([1, 1])
    try second.write([2, 2])
    try first.commit()
    #expect(try fileBytes(path, limit: 10) == [1, 1])
    try second.commit()
    #expect(try fileBytes(path, limit: 10) == [2, 2])
    #expect(cleared() == ["target"])
  }

  @Test func aFolderAndAMissingFolderAreRefused() {
    #expect(message { _ = try AtomicFile(path: folder) }.contains("it is a folder"))
    #expect(message { _ = try AtomicFile(path: "\(folder)/x/y") }.contains("create its folder"))
    #expect(message { _ = try AtomicFile(path: "") }.contains("without a name"))
    #expect(cleared() == [])
  }

  @Test func aDeviceIsNotReplacedByAFile() {
    mkfifo(path, 0o600)
    #expect(message { _ = try AtomicFile(path: path) }.contains("no regular file"))
    var information = stat()
    #expect(stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFIFO)
    #expect(cleared() == ["target"])
  }

  @Test func aLinkStaysAndTheFileBehindItChanges() throws {
    try write([1], to: path)
    symlink("target", "\(folder)/link")
    try write([2], to: "\(folder)/link")
    #expect(try fileBytes(path, limit: 10) == [2])
    var information = stat()
    #expect(lstat("\(folder)/link", &information) == 0 && information.st_mode & S_IFMT == S_IFLNK)
    #expect(cleared() == ["link", "target"])
  }

  @Test func aLinkToAFileThatIsNotThereYetStays() throws {
    symlink("target", "\(folder)/second")
    symlink("second", "\(folder)/first")
    try write([3], to: "\(folder)/first")
    #expect(try fileBytes(path, limit: 10) == [3])
    var information = stat()
    #expect(lstat("\(folder)/first", &information) == 0 && information.st_mode & S_IFMT == S_IFLNK)
    #expect(cleared() == ["first", "second", "target"])
  }

  @Test func linksThatLeadToEachOtherAreRefused() {
    symlink("second", "\(folder)/first")
    symlink("first", "\(folder)/second")
    #expect(message { _ = try AtomicFile(path: "\(folder)/first") }.contains("symbolic links"))
    #expect(cleared() == ["first", "second"])
  }

  @Test func aFileIsChangedByOneOwnerAtATime() throws {
    #expect(try FileLock(path: path, patience: 0) == nil)
    #expect(try FileLock(path: folder, patience: 0) == nil)
    try write([1], to: path)
    var first = try FileLock(path: path, patience: 0)
    #expect(first != nil)
    #expect(message { _ = try FileLock(path: path, patience: 0) }.contains("another program"))
    // A file that was put in its place is locked anew under the name.
    try write([2], to: path)
    #expect(try FileLock(path: path, patience: 0) != nil)
    first = nil
    #expect(try FileLock(path: path, patience: 0) != nil)
    #expect(cleared() == ["target"])
  }

  @Test func anOldFileKeepsItsPermissions() throws {
    try write([1], to: path)
    chmod(path, 0o600)
    try write([2], to: path)
    var information = stat()
    #expect(stat(path, &information) == 0 && information.st_mode & 0o777 == 0o600)
    #expect(cleared() == ["target"])
  }

  @Test func whatCannotBeReadIsRefusedAndNeverWaitedFor() throws {
    try write([UInt8](repeating: 7, count: 100), to: path)
    #expect(message { _ = try fileBytes(path, limit: 99) }.contains("longer than 99 bytes"))
    #expect(message { _ = try fileBytes(folder, limit: 99) }.contains("it is a folder"))
    #expect(message { _ = try fileBytes("\(folder)/x", limit: 99) }.contains("\(folder)/x"))
    mkfifo("\(folder)/pipe", 0o600)
    let pipe = "\(folder)/pipe"
    #expect(message { _ = try fileBytes(pipe, limit: 99) }.contains("no regular file"))
    #expect(cleared() == ["pipe", "target"])
  }

  @Test func aNumPyFileHasItsShapeInTheHeader() throws {
    var file = try NumPyFile(path: path, type: .float32, columns: 2)
    try file.append([1, 2])
    try file.append([3, 4])
    try file.append([5, 6])
    try file.commit()
    let bytes = try fileBytes(path, limit: 1000)
    #expect(Array(bytes[..<10]) == [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
    #expect(bytes.count == 128 + 24)
    let header = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"))
    #expect(bytes[127] == 0x0a)
    #expect(Array(bytes[128..<132]) == [0, 0, 0x80, 0x3f])
    #expect(cleared() == ["target"])
  }

  @Test func aLongNumPyListIsWhole() throws {
    var file = try NumPyFile(path: path, type: .int32, columns: nil)
    for value in 0..<Int32(50_000) { try file.append(-value) }
    try file.commit()
    let bytes = try fileBytes(path, limit: 1 << 20)
    #expect(String(decoding: bytes[10..<128], as: UTF8.self).contains("'shape': (50000,), }"))
    #expect(bytes.count == 128 + 200_000)
    let words = stride(from: 128, to: bytes.count, by: 4).map { start in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
    }
    #expect(words == (0..<Int32(50_000)).map { UInt32(bitPattern: -$0) })
    #expect(cleared() == ["target"])
  }

  @Test func aRowThatDoesNotFitIsRefusedAndLeavesNoFile() throws {
    do {
      var file = try NumPyFile(path: path, type: .float32, columns: 2)
      #expect(throws: BirchlogError.self) { try file.append([1, 2, 3]) }
      #expect(throws: BirchlogError.self) { try file.append(1) }
    }
    #expect(cleared() == [])
  }
}
