import Glibc

/// Swift strings as the C array that the library takes.
enum CStrings {
  /// Calls `body` with `strings` as NUL-terminated texts that live as long as the call.
  static func with<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?, Int) throws -> Result
  ) rethrows -> Result {
    let copies = strings.map { UnsafePointer(strdup($0)) }
    defer { for copy in copies { free(UnsafeMutableRawPointer(mutating: copy)) } }
    return try copies.withUnsafeBufferPointer { try body($0.baseAddress, $0.count) }
  }
}
