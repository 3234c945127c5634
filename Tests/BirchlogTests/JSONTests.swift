import Testing

@testable import Birchlog

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "-12", "0.1", "1e+300", "\"a\\\"\\\\\\n\\u0001é😀\"", "[1,[2,{}],\"x\"]",
    "{\"b\":1,\"a\":{\"c\":[]}}",
  ])
  func parsingWhatWasPrintedGivesTheSameText(text: String) throws {
    let value = try JSONValue(parsing: text)
    #expect(try JSONValue(parsing: value.text) == value)
    #expect(value.text == text)
  }

  @Test(arguments: ["", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "1 2", "nul", "[1] x", "\u{1}"])
  func whatIsNoDocumentIsRefused(text: String) {
    #expect(throws: BirchlogError.self) { try JSONValue(parsing: text) }
  }

  @Test func deepNestingIsRefusedRatherThanFollowed() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: BirchlogError.self) { try JSONValue(parsing: text) }
  }

  @Test func numbersThatAreNotFiniteBecomeNull() {
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).text == "[null,null]")
  }
}
