/// A named array of numbers with PyTorch's name, shape and row-major layout, so that
/// `load_state_dict` takes it as it is.
public struct Tensor: Sendable, Equatable {
  /// PyTorch's parameter name, for example `lstm.weight_ih_l0`.
  public let name: String
  /// Extents, slowest first.
  public let shape: [Int]
  /// Elements in row-major order.
  public var values: [Float]

  /// Creates a tensor; a count that does not fit the shape is reported where the tensor is used.
  public init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}
