import Testing

@testable import Birchlog

@Suite struct OptionsTests {
  @Test func noTextGivesTheDefaults() throws {
    #expect(try Options(json: nil) == Options())
    #expect(try Options(json: "{}") == Options())
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let text =
      #"{"window":7,"kinds":12,"session":"blk_-?\\d+","unit":"window","stride":3,"input":"embedding","seed":9}"#
    let options = try Options(json: text)
    #expect(try Options(stored: options.json.text) == options)
    #expect(options.kinds == .exactly(12))
    #expect(options.stride == 3)
  }

  @Test func aModelOfBeforeTheOptionHasAnEncoderOfItsOwn() throws {
    #expect(Options().encoder == .shared)
    #expect(try Options(stored: "{}").encoder == .own)
    #expect(try Options(stored: Options().json.text).encoder == .shared)
  }

  @Test func thePaperPresetIsThePrintedRecipe() throws {
    let options = try Options(json: #"{"preset":"paper"}"#)
    #expect(options.input == .scalar)
    #expect(options.signature == .hidden)
    #expect(options.clusterThreshold == 0.5)
    #expect(options.branching == 50)
    #expect(options.kinds == .exactly(4))
    #expect(options.detector == .topG)
    #expect(options.largestKindIsNormal)
    #expect(options.encoder == .own)
    #expect(options.hiddenSize == 128 && options.layers == 2 && options.dropout == 0.2)
  }

  @Test func aMistypedKeyIsNamedWithTheLikelyOne() {
    #expect(throws: BirchlogError.option("There is no option \"windw\"; did you mean \"window\"?"))
    {
      try Options(json: #"{"windw":10}"#)
    }
  }

  @Test(arguments: [
    #"{"window":0}"#, #"{"window":1000}"#, #"{"window":"10"}"#, #"{"kinds":-1}"#, #"{"dropout":2}"#,
    #"{"loss_weights":[0.5,0.6,0.1]}"#, #"{"attention_heads":3}"#, #"{"top_g":4}"#,
    #"{"detector":"top_g","false_positive_rate":0.1}"#, #"{"format":"sequences","session":"a"}"#,
    #"{"unit":"window","window":4,"stride":5}"#, #"[1]"#, #"{"#, #"{"preset":"other"}"#,
  ])
  func aBadOptionIsRefused(text: String) {
    #expect(throws: BirchlogError.self) { try Options(json: text) }
  }

  @Test func classificationMayNotChangeWhatWasTrained() throws {
    let options = Options()
    #expect(try options.overridden(by: #"{"session":"x"}"#).session == "x")
    #expect(throws: BirchlogError.self) { try options.overridden(by: #"{"window":5}"#) }
    let parted = try Options(json: #"{"gap_seconds":30}"#)
    #expect(throws: BirchlogError.self) { try parted.overridden(by: #"{"session":"x"}"#) }
  }
}
