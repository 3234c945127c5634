import SIMDKernels
import Testing

/// Classes of bytes against their definitions.
@Suite struct ByteClassTests {
  private static func has(_ byte: UInt8, _ kind: UInt32) -> Bool {
    simd_byte_class(byte) & kind != 0
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  @Test func everyByteHasItsClasses() {
    for byte in UInt8.min...UInt8.max {
      let character = Character(Unicode.Scalar(byte))
      let isLow = byte < 0x80
      let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
      let isMark = isLow && "\"#'(),:;<=>[]`{|}".contains(character)
      #expect(Self.has(byte, SIMD_LETTER) == Self.isLetter(byte))
      #expect(Self.has(byte, SIMD_DIGIT) == Self.isDigit(byte))
      #expect(Self.has(byte, SIMD_SPACE) == isSpace)
      #expect(Self.has(byte, SIMD_MARK) == isMark)
      #expect(Self.has(byte, SIMD_HEX) == (isLow && character.isHexDigit))
      #expect(
        Self.has(byte, SIMD_PLAIN_END)
          == (isSpace || isMark && character != ":" && character != "'")
      )
      #expect(
        Self.has(byte, SIMD_PATH_END) == (isSpace || isMark && !":=#".contains(character)))
      #expect(
        Self.has(byte, SIMD_NAME)
          == (!isLow || Self.isLetter(byte) || Self.isDigit(byte)
            || ".$_-/()[]:@#*+<>".contains(character)))
    }
  }

  @Test func sixteenBytesAreTakenAsOneByOne() {
    for start in 0...255 {
      let bytes = (0..<16).map { UInt8(truncatingIfNeeded: start + $0 * 37) }
      for (index, byte) in bytes.enumerated() {
        #expect((simd_letters(bytes) >> index & 1 == 1) == Self.isLetter(byte))
        #expect((simd_digits(bytes) >> index & 1 == 1) == Self.isDigit(byte))
      }
      #expect(simd_letters(bytes) >> 16 == 0)
    }
  }

  @Test func placesOfAByteAreFound() {
    // Bytes behind the end are read and do not count.
    var bytes = [UInt8](repeating: 10, count: 216)
    for index in 0..<200 where index % 7 != 3 && !(150..<170).contains(index) { bytes[index] = 9 }
    let ranges: [Range<Int>] = [0..<0, 0..<200, 3..<4, 1..<17, 16..<184, 150..<170, 199..<200]
    for range in ranges {
      let expected = range.filter { bytes[$0] == 10 }
      for room in [0, 1, 5, 200] {
        var places = [UInt32](repeating: 0, count: 201)
        let count = simd_places(bytes, range.lowerBound, range.upperBound, 10, &places, room)
        let found = places[..<count].map { Int($0) }
        #expect(found == Array(expected.prefix(room)))
        let isRestUntouched = places[count...].allSatisfy { $0 == 0 }
        #expect(isRestUntouched)
      }
    }
  }
}
