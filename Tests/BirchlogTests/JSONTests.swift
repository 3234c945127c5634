import Testing

@testable import Birchlog

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "-12", "0.1", "1e+300", "5e-324", "9223372036854775807",
    "-9223372036854775808", "\"a\\\"\\\\\\n\\u0001\\u0000é😀\"", "[1,[2,{}],\"x\"]",
    "{\"b\":1,\"a\":{\"c\":[]}}",
  ])
  func parsingWhatWasPrintedGivesTheSameText(text: String) throws {
    let value = try JSONValue(parsing: text)
    #expect(try JSONValue(parsing: value.text) == value)
    #expect(value.text == text)
  }

  @Test func everyBitOfADoubleSurvives() throws {
    for bits in stride(from: UInt64(1), to: .max / 2, by: .max / 999) {
      let value = Double(bitPattern: bits)
      guard value.isFinite else { continue }
      #expect(try JSONValue(parsing: JSONValue.number(value).text).double == value)
    }
  }

  @Test(arguments: [
    "", " ", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "1 2", "nul", "[1] x", "\u{1}", "[1 2]",
    "NaN", "[NaN]", "Infinity", "[-Infinity]", "[True]", "/**/1", "[1]//", "01", "[1.]", "[.5]",
    "[+1]", "[1e]", "[0x10]", "[\"a\tb\"]", "\"a", "\"\\q\"", "\"\\", "{\"a\\u0000b\":1}", "{1:2}",
    "[1e999]", "[9223372036854775808]", "[-99999999999999999999]",
  ])
  func whatIsNoDocumentIsRefused(text: String) {
    #expect(throws: BirchlogError.self) { try JSONValue(parsing: text) }
  }

  @Test func invalidUTF8IsRefused() {
    #expect(throws: BirchlogError.self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
  }

  @Test func anErrorSaysWhere() {
    for text in ["[1, x]", "[1, \u{1}]", "[1,}]"] {
      do {
        _ = try JSONValue(parsing: text)
        Issue.record("\(text) was read")
      } catch {
        let position = text.hasSuffix("}]") ? "3" : "4"
        #expect(error.message.hasSuffix("at byte \(position)."), "\(error.message)")
      }
    }
  }

  @Test func deepNestingIsRefusedRatherThanFollowed() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: BirchlogError.self) { try JSONValue(parsing: text) }
  }

  @Test(arguments: ["{}", "[[]]", "{\"a\":0}"])
  func aTextOfTinyValuesThatWouldFillMemoryIsRefused(unit: String) {
    let text = "[" + repeatElement(unit, count: 100_000).joined(separator: ",") + "]"
    #expect(throws: BirchlogError.self) { try JSONValue(parsing: text) }
  }

  @Test func ordinaryRecordsAreReadInAnyNumber() throws {
    let unit = "{\"event\":12,\"share\":0.25}"
    let text = "[" + repeatElement(unit, count: 50_000).joined(separator: ",") + "]"
    #expect(try JSONValue(parsing: text).array?.count == 50_000)
  }

  @Test func ofEqualKeysTheLastCounts() throws {
    #expect(try JSONValue(parsing: "{\"a\":1,\"b\":2,\"a\":3}").text == "{\"a\":3,\"b\":2}")
  }

  @Test func aKeyThatIsRemovedLeavesTheOrderOfTheOthers() {
    var object: JSONObject = ["c": .integer(1), "a": .null, "b": .bool(true)]
    object["a"] = nil
    object["missing"] = nil
    object["c"] = .integer(2)
    #expect(object.keys == ["c", "b"] && JSONValue.object(object).text == "{\"c\":2,\"b\":true}")
  }

  @Test func wholeNumbersAndFractionsAreToldApart() throws {
    let values = try JSONValue(parsing: "[3,3.0,3.5,1e300]")
    #expect(values.array?.map(\.int) == [3, 3, nil, nil])
    #expect(values.array?.map(\.double) == [3, 3, 3.5, 1e300])
  }

  @Test func numbersThatAreNotFiniteBecomeNull() {
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).text == "[null,null]")
  }
}
