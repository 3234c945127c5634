import Glibc
import Testing

@testable import Birchlog

@Suite struct TruthTableTests {
  private func table(_ text: String) throws -> TruthTable {
    try TruthTable(csv: Array(text.utf8), name: "truth.csv")
  }

  @Test func rowsAreReadWithQuotesReturnsAndFurtherColumns() throws {
    let table = try table("id,kind,note\r\nblk_1,normal,x\r\n\"a,\"\"b\"\"\",disk full\r\n\r\n")
    #expect(table.count == 2)
    #expect(table.kind(of: Array("blk_1".utf8)) == "normal")
    #expect(table.kind(of: Array("a,\"b\"".utf8)) == "disk full")
    #expect(table.kind(of: Array("other".utf8)) == nil)
  }

  @Test func idsAreBytes() throws {
    let table = try TruthTable(
      csv: Array("id,kind\n".utf8) + [0xff, 0x2c, 0x6b], name: "truth.csv")
    #expect(table.kind(of: [0xff]) == "k")
    #expect(table.kind(of: Array("\u{fffd}".utf8)) == nil)
  }

  @Test func aQuotedFieldMaySpanLines() throws {
    let table = try table("id,kind,note\na,x,\"two\nlines\"\nb,y,\n")
    #expect(table.count == 2 && table.kind(of: Array("b".utf8)) == "y")
  }

  @Test func normalInOtherLettersIsAnErrorAndNotAKind() throws {
    #expect(throws: BirchlogError.self) { try table("id,kind\na,Normal\nb,disk full\n") }
    #expect(try table("id,kind\na,Normal\nb,normal\n").names == ["Normal", "normal"])
  }

  @Test func kindsToJoinHaveToBeThere() throws {
    let table = try table("id,kind\na,x\nb,y\n")
    try table.check(join: [["x", "y"]])
    #expect(throws: BirchlogError.self) { try table.check(join: [["x", "z"]]) }
  }

  @Test func anIdMayComeTwiceWithOneKind() throws {
    #expect(try table("id,kind\na,x\na,x\n").count == 1)
  }

  @Test(arguments: [
    ("", "truth.csv holds no truth"),
    ("\n\n", "truth.csv holds no truth"),
    ("id,kind\n", "truth.csv holds no truth"),
    ("id,kind\n\nonly\n", "truth.csv:3:"),
    ("id,kind\na,\n", "truth.csv:2:"),
    ("id,kind,note\na,x,\"1\n2\"\na,y,\n", "truth.csv:4: \"a\" has two kinds, \"x\" and \"y\""),
    ("id,kind\na,\"x\"y\n", "truth.csv:2:"),
    ("id,kind\nb,y\na,\"x\nc,z\n", "truth.csv:3: a quoted field has no end"),
    ("blk_1,normal\nblk_2,full\n", "truth.csv:1: the first line has to be a header"),
  ])
  func aTableThatCannotBeTrustedIsRefusedWithItsPlace(text: String, start: String) {
    do {
      _ = try table(text)
      Issue.record("\(text) was read")
    } catch let error as BirchlogError {
      #expect(error.message.hasPrefix(start))
      guard case .input = error else {
        Issue.record("\(error) is no input error")
        return
      }
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func aTruthWithoutNormalSessionsIsWarnedOf() throws {
    let known = try table("id,kind\na,normal\nb,full\n")
    #expect(known.warning(named: "truth.csv") == nil)
    let anomalous = try table("id,kind\na,ok\nb,full\n")
    #expect(anomalous.warning(named: "truth.csv")?.contains("\"full\", \"ok\"") == true)
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
