import Glibc

@testable import SequenceModel

/// Arrays with names and shapes, written by `reference/make_vectors.py`.
struct ReferenceFile {
  private(set) var tensors: [Tensor] = []

  init(_ name: String) throws {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    guard let file = fopen("/\(folder)/reference/\(name).txt", "r") else {
      throw Failure.unreadable(name)
    }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    var heading: [Substring] = []
    while getline(&line, &capacity, file) > 0, let line {
      let words = String(cString: line).split { $0 == " " || $0 == "\n" }
      if heading.isEmpty {
        heading = words
      } else {
        tensors.append(
          Tensor(
            name: String(heading[0]), shape: heading.dropFirst().compactMap { Int($0) },
            values: words.compactMap { Float($0) }))
        heading = []
      }
    }
  }

  enum Failure: Error {
    case unreadable(String)
    case missing(String)
  }

  func values(_ name: String) throws -> [Float] {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      throw Failure.missing(name)
    }
    return tensor.values
  }

  func integers(_ name: String) throws -> [Int32] {
    try values(name).map { Int32($0) }
  }

  /// Tensors that have a gradient: the network's parameters.
  var parameters: [Tensor] {
    tensors.filter { tensor in tensors.contains { $0.name == "gradient." + tensor.name } }
  }
}

/// Every instruction set of this machine, the plain reference among them.
let everyKernelTable = [
  "reference", "baseline", "avx2", "avx512", "avx512vnni", "avx512bf16",
].compactMap { Kernels.named($0) }

/// The largest absolute difference, infinite when the lengths differ or a difference is not a
/// number.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}
