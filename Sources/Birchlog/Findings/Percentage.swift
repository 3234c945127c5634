/// A share as people read it: to a tenth of a percent.
enum Percentage {
  /// - Parameter share: from 0 to 1; what lies outside is taken as the nearer end.
  static func text(_ share: Double) -> String {
    guard share.isFinite else { return "some" }
    let value = (min(max(share, 0), 1) * 1000).rounded() / 10
    return value == value.rounded() ? "\(Int(value)) %" : "\(value) %"
  }
}
