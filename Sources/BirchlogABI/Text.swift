// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

/// UTF-8 text behind a stable pointer; never changes once made, so that threads may share it.
final class Text: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<CChar>
  let length: Int

  /// Copies a text.
  convenience init(_ string: String) { self.init(bytes: Self.bytes(of: string)) }

  /// The bytes of a text; an embedded NUL becomes U+FFFD, so that C sees all of it.
  static func bytes(of string: String) -> [UInt8] {
    var string = string
    string.makeContiguousUTF8()
    if string.utf8.contains(0) {
      string = String(
        String.UnicodeScalarView(string.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
    return Array(string.utf8)
  }

  /// Bytes as they are, with a NUL behind them that the length does not count.
  init(bytes: [UInt8]) {
    length = bytes.count
    pointer = UnsafeMutablePointer<CChar>.allocate(capacity: length + 1)
    bytes.withUnsafeBytes {
      UnsafeMutableRawPointer(pointer).copyMemory(
        from: $0.baseAddress ?? UnsafeRawPointer(pointer), byteCount: length)
    }
    pointer[length] = 0
  }

  deinit { pointer.deallocate() }
}

@c @implementation
public func birchlog_text_data(_ text: OpaquePointer!) -> UnsafePointer<CChar>! {
  guard let text: Text = try? Handle.object(text, "text") else { return cString("") }
  return UnsafePointer(text.pointer)
}

@c @implementation
public func birchlog_text_length(_ text: OpaquePointer!) -> Int {
  let text: Text? = try? Handle.object(text, "text")
  return text?.length ?? 0
}

@c @implementation
public func birchlog_text_free(_ text: OpaquePointer!) {
  Handle.free(text, as: Text.self)
}
