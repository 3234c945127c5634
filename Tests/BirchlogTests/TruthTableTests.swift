import Glibc
import Testing

@testable import Birchlog

@Suite struct TruthTableTests {
  private func table(_ text: String) throws -> TruthTable {
    let path = "/tmp/birchlog-truth-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).csv"
    defer { unlink(path) }
    let file = try AtomicFile(path: path)
    try file.write(Array(text.utf8))
    try file.commit()
    return try TruthTable(path: path)
  }

  @Test func rowsAreReadWithQuotesReturnsAndFurtherColumns() throws {
    let table = try table("id,kind,note\r\nblk_1,normal,x\r\n\"a,\"\"b\"\"\",disk full\r\n\r\n")
    #expect(table.count == 2)
    #expect(table.kind(of: Array("blk_1".utf8)) == "normal")
    #expect(table.kind(of: Array("a,\"b\"".utf8)) == "disk full")
    #expect(table.kind(of: Array("other".utf8)) == nil)
  }

  @Test(arguments: ["", "id,kind\n", "id,kind\nonly\n", "id,kind\na,x\na,y\n"])
  func aTableThatCannotBeTrustedIsRefused(text: String) {
    #expect(throws: BirchlogError.self) { try table(text) }
  }

  @Test func aMissingFileAndAFolderAreNamed() {
    for path in ["/nonexistent/truth.csv", "/tmp"] {
      do {
        _ = try TruthTable(path: path)
        Issue.record("\(path) was read")
      } catch {
        #expect(error.message.contains(path))
      }
    }
  }
}
