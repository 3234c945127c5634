import Glibc
import Testing

@testable import Birchlog

@Suite struct FileTests {
  private let path = "/tmp/birchlog-file-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  @Test func aFileThatIsNotCommittedLeavesTheOldOneAndNothingElse() throws {
    defer { unlink(path) }
    let first = try AtomicFile(path: path)
    try first.write([1, 2, 3])
    try first.commit()
    do {
      let second = try AtomicFile(path: path)
      try second.write([9])
      second.discard()
    }
    #expect(try fileBytes(path, limit: 10) == [1, 2, 3])
    #expect(access("\(path).\(getpid()).part", F_OK) != 0)
  }

  @Test func aFolderAndAMissingFolderAreRefused() {
    #expect(throws: BirchlogError.self) { try AtomicFile(path: "/tmp") }
    #expect(throws: BirchlogError.self) { try AtomicFile(path: "/nonexistent/x") }
  }

  @Test func aFileOverTheLimitIsNotRead() throws {
    defer { unlink(path) }
    let file = try AtomicFile(path: path)
    try file.write([UInt8](repeating: 7, count: 100))
    try file.commit()
    #expect(throws: BirchlogError.self) { try fileBytes(path, limit: 99) }
  }

  @Test func aNumPyFileHasItsShapeInTheHeader() throws {
    defer { unlink(path) }
    var file = try NumPyFile(path: path, type: .float32, columns: 2)
    try file.append([1, 2])
    try file.append([3, 4])
    try file.append([5, 6])
    try file.commit()
    let bytes = try fileBytes(path, limit: 1000)
    #expect(Array(bytes[..<8]) == [0x93] + Array("NUMPY".utf8) + [1, 0])
    #expect(bytes.count == 128 + 24)
    let header = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"))
    #expect(bytes[127] == 0x0a)
    #expect(Array(bytes[128..<132]) == [0, 0, 0x80, 0x3f])
  }
}
