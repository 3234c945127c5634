/// Disjoint sets over `0..<count`, with path halving.
struct DisjointSets {
  private var parent: [Int]

  init(count: Int) {
    parent = Array(0..<count)
  }

  mutating func find(_ element: Int) -> Int {
    var element = element
    while parent[element] != element {
      parent[element] = parent[parent[element]]
      element = parent[element]
    }
    return element
  }

  /// Unites the sets of two elements under the lower root, which is returned.
  @discardableResult
  mutating func unite(_ left: Int, _ right: Int) -> Int {
    let left = find(left)
    let right = find(right)
    let root = min(left, right)
    parent[max(left, right)] = root
    return root
  }
}

/// Helpers over cluster labels.
enum Labels {
  /// The same partition with labels 0, 1, 2 … in order of first appearance.
  static func numberedByFirstAppearance(_ labels: [Int]) -> [Int] {
    var numbers: [Int: Int] = [:]
    return labels.map { label in
      if let number = numbers[label] { return number }
      let number = numbers.count
      numbers[label] = number
      return number
    }
  }

  /// The adjusted Rand index of two partitions of the same elements (Hubert & Arabie 1985);
  /// 1 where both are trivial in the same way.
  static func adjustedRandIndex(_ left: [Int], _ right: [Int]) -> Double {
    let left = numberedByFirstAppearance(left)
    let right = numberedByFirstAppearance(right)
    let width = (right.max() ?? -1) + 1
    var rows = [Double](repeating: 0, count: (left.max() ?? -1) + 1)
    var columns = [Double](repeating: 0, count: width)
    var cells: [Int: Double] = [:]
    for (a, b) in zip(left, right) {
      rows[a] += 1
      columns[b] += 1
      cells[a * width + b, default: 0] += 1
    }
    func pairs(_ values: some Sequence<Double>) -> Double {
      // Whole numbers: the sum is exact in any order.
      values.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    }
    let count = Double(left.count)
    let all = count * (count - 1) / 2
    let together = pairs(cells.values)
    let inRows = pairs(rows)
    let inColumns = pairs(columns)
    guard all > 0 else { return 1 }
    let expected = inRows * inColumns / all
    let highest = (inRows + inColumns) / 2
    return highest == expected ? 1 : (together - expected) / (highest - expected)
  }
}
