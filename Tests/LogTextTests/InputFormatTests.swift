import LogText
import Testing

struct InputFormatTests {
  @Test(arguments: [
    ("", InputFormat.text), ("5 5 22\n", .sequences), ("a,5 5 22\nb,\n", .sequences),
    ("a,5 5 22", .sequences), ("{\"a\":1}\n{\"a\":2}\r\n", .jsonLines),
    ("LineId,Content,EventId\n1,x,E1\n", .structuredCSV), ("Content is king, they say\n", .text),
    ("2015-10-18 18:01:47,978 INFO up\n", .text), ("081109 203615 148 INFO dfs: x\n", .text),
    ("id,type\nblk_1,x\n", .text), ("Took a while, 5\n", .text), ("{ broken\n", .text),
    ("\0\u{1}\u{2}", .text), ("\n\n", .text), ("12 13\nfailed\n", .text),
  ])
  func formatsAreRecognisedByContent(head: String, format: InputFormat) {
    #expect(head.bytes { InputFormat.recognise($0) } == format)
  }

  @Test func anUnfinishedLastLineDoesNotDecide() {
    let text = String(repeating: "blk_1,5 5 22 11 9\n", count: 60) + "blk_2"
    var bytes = Array(text.utf8)
    // As much as a reader shows at once, cut inside a line.
    while bytes.count < InputFormat.recognitionLength { bytes += Array("\nblk_7,1 2".utf8) }
    #expect(bytes.withUnsafeBytes { InputFormat.recognise($0) } == .text)
    let plain = Array(
      String(repeating: "a,1 2\n", count: 20_000).utf8.prefix(InputFormat.recognitionLength))
    #expect(plain.withUnsafeBytes { InputFormat.recognise($0) } == .sequences)
  }
}
