import Birch

/// Points in the plane, for pictures.
public enum PlaneEmbedding {
  /// Points at most.
  public static let pointLimit = NeighbourEmbedding.pointLimit

  /// The places of `[count, dimension]` points, `[count, 2]`; near points stay near.
  ///
  /// - Throws: `input` for a value that is not finite.
  public static func places(
    _ points: UnsafeBufferPointer<Float>, dimension: Int
  ) throws(BirchlogError) -> [Double] {
    if let index = points.firstIndex(where: { !$0.isFinite }) {
      throw .input("points[\(index)] is \(points[index]); points must be finite.")
    }
    return NeighbourEmbedding().places(Array(points), dimension: dimension)
  }
}
