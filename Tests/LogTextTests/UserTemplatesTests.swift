import LogText
import Testing

struct UserTemplatesTests {
  @Test func lineNIsTheTemplateOfEventN() {
    var miner = TemplateMiner(
      userTemplates: UserTemplates(lines: [
        "<*>Served block<*>to<*>", "", "Deleting block <*> file <*>",
      ]))
    #expect(miner.learn("10.0.0.1 Served block blk_1 to /10.0.0.2") == 1)
    #expect(miner.match("Deleting block blk_1 file /x") == 3)
    #expect(miner.learn("something else") == 4)
    #expect(miner.templates.map(\.id) == [1, 3, 4])
    #expect(miner.template(2) == nil)
  }

  @Test func theMostTellingTemplateWins() {
    let miner = TemplateMiner(
      userTemplates: UserTemplates(lines: ["<*>", "a <*>", "a b <*>", "a b c"]))
    #expect(miner.match("a b c") == 4)
    #expect(miner.match("a b d") == 3)
    #expect(miner.match("a x") == 2)
    #expect(miner.match("") == 1)
  }

  @Test func wildcardsDoNotOverlap() {
    let miner = TemplateMiner(userTemplates: UserTemplates(lines: ["ab<*>ba", "x<*>y<*>y"]))
    #expect(miner.match("aba") == nil)
    #expect(miner.match("abba") == 1)
    #expect(miner.match("xy") == nil)
    #expect(miner.match("xyy") == 2)
  }

  @Test func valuesAreGivenWithTheirTypes() {
    let miner = TemplateMiner(userTemplates: UserTemplates(lines: ["from <*> to <*>!"]))
    #expect(
      miner.values(of: "from 10.0.0.1 to the moon!") == ["ip:10.0.0.1", "word:the moon"])
  }

  @Test func aFileOfTemplatesMayEndItsLinesAsItLikes() throws {
    let file = TemporaryFile("one <*>\r\n\r\nthree")
    let templates = try UserTemplates(path: file.path)
    #expect(templates.count == 3)
    #expect(
      templates.templates == [
        Template(id: 1, text: "one <*>", count: 0), Template(id: 3, text: "three", count: 0),
      ])
  }
}
