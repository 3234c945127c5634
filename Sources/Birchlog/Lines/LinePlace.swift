/// Where an event stands in its source, in one number: the first line and how many lines follow that belong to it.
///
/// Sessions keep one for each event, so it takes no more than a line number does.
enum LinePlace {
  private static let shift: UInt64 = 48
  private static let mask: UInt64 = (1 << shift) - 1

  /// - Parameters:
  ///   - first: number of the first line, from 1.
  ///   - count: lines in all; more than 65,536 count as so many.
  static func pack(first: UInt64, count: UInt64) -> UInt64 {
    (min(max(count, 1) - 1, 0xffff) << shift) | (first & mask)
  }

  static func first(_ place: UInt64) -> UInt64 { place & mask }
  static func last(_ place: UInt64) -> UInt64 { (place & mask) + (place >> shift) }
}
