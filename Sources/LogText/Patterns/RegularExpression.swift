import CPCRE2

/// A compiled PCRE2 pattern over bytes, shared freely by threads.
///
/// PCRE2 documents compiled code, JIT code included, as read-only while matching; match data belong to one thread each and live in
/// ``Matcher``.
final class RegularExpression: @unchecked Sendable {
  /// What the user wrote.
  let pattern: String
  /// Number of capture groups.
  let groupCount: Int
  fileprivate let code: OpaquePointer

  /// Compiles a pattern.
  ///
  /// Patterns see bytes, so that invalid UTF-8 in a log never stops one; `(*UTF)` is refused.
  /// - Throws: `invalidPattern` with PCRE2's own words, or `outOfMemory`.
  init(_ pattern: String) throws(LogTextError) {
    self.pattern = pattern
    var status: Int32 = 0
    var offset = 0
    let bytes = Array(pattern.utf8)
    let compiled = pcre2_compile_8(bytes, bytes.count, PCRE2_NEVER_UTF, &status, &offset, nil)
    guard let compiled else {
      throw .invalidPattern(pattern: pattern, offset: offset, reason: Self.describe(status))
    }
    code = compiled
    // Where the machine has no JIT the interpreter matches the same.
    _ = pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
    var groups: UInt32 = 0
    _ = pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    groupCount = Int(groups)
  }

  deinit { pcre2_code_free_8(code) }

  /// The number of a named group, or nil.
  func group(named name: String) -> Int? {
    let number = pcre2_substring_number_from_name_8(code, Array(name.utf8) + [0])
    return number > 0 ? Int(number) : nil
  }

  private static func describe(_ status: Int32) -> String {
    var text = [UInt8](repeating: 0, count: 256)
    let count = pcre2_get_error_message_8(status, &text, text.count)
    return count > 0 ? String(decoding: text[..<Int(count)], as: UTF8.self) : "error \(status)"
  }

  /// What one thread needs to match: room for the groups and the limits on effort.
  final class Matcher {
    /// How a match went.
    enum Outcome { case matched, unmatched, abandoned }

    private let expression: RegularExpression
    private let data: OpaquePointer
    private let context: OpaquePointer

    /// Prepares to match.
    ///
    /// - Parameter effort: PCRE2's match limit: how often its matcher may step before a line is abandoned.
    /// - Throws: `outOfMemory`.
    init(_ expression: RegularExpression, effort: UInt32) throws(LogTextError) {
      guard let data = pcre2_match_data_create_from_pattern_8(expression.code, nil) else {
        throw .outOfMemory
      }
      guard let context = pcre2_match_context_create_8(nil) else {
        pcre2_match_data_free_8(data)
        throw .outOfMemory
      }
      self.expression = expression
      self.data = data
      self.context = context
      pcre2_set_match_limit_8(context, effort)
      // In KiB; only the interpreter uses the heap.
      pcre2_set_heap_limit_8(context, 16 * 1024)
    }

    deinit {
      pcre2_match_context_free_8(context)
      pcre2_match_data_free_8(data)
    }

    /// Looks for the first match at or behind `start`.
    func match(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Outcome {
      let subject = bytes.bindMemory(to: UInt8.self)
      let status: Int32
      if let base = subject.baseAddress {
        status = pcre2_match_8(expression.code, base, subject.count, start, 0, data, context)
      } else {
        var nothing: UInt8 = 0
        status = pcre2_match_8(expression.code, &nothing, 0, 0, 0, data, context)
      }
      if status > 0 { return .matched }
      return status == PCRE2_ERROR_NOMATCH ? .unmatched : .abandoned
    }

    /// The bytes of a group in the last match, 0 being the whole; nil when it took no part.
    func range(of group: Int) -> Range<Int>? {
      guard group >= 0, group <= expression.groupCount,
        let vector = pcre2_get_ovector_pointer_8(data)
      else { return nil }
      let (first, last) = (vector[2 * group], vector[2 * group + 1])
      // Unset groups hold the largest size, which is less than 0 here; \K can put the start behind the end.
      guard first >= 0, first <= last else { return nil }
      return first..<last
    }
  }
}
