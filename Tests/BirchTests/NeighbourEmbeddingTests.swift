import Birch
import Testing

struct NeighbourEmbeddingTests {
  /// `groups` groups of `size` points around corners of a simplex.
  private func points(groups: Int, size: Int, dimension: Int) -> [Float] {
    (0..<(groups * size)).flatMap { index in
      (0..<dimension).map { column in
        (column == index / size ? 5 : 0) + Float((index * 7 + column * 13) % 11) / 20
      }
    }
  }

  @Test func pointsOfAGroupLieNearerToEachOtherThanToAnyOther() {
    let (groups, size) = (6, 20)
    let points = points(groups: groups, size: size, dimension: 8)
    let places = NeighbourEmbedding().places(points, dimension: 8)
    #expect(places.count == 2 * groups * size)
    var right = 0
    for index in 0..<(groups * size) {
      let nearest = (0..<(groups * size)).filter { $0 != index }.min {
        distance(places, index, $0) < distance(places, index, $1)
      }
      if nearest.map({ $0 / size }) == index / size { right += 1 }
    }
    #expect(right == groups * size)
  }

  @Test func theSamePointsGiveTheSamePlaces() {
    let points = points(groups: 3, size: 10, dimension: 5)
    let embedding = NeighbourEmbedding()
    #expect(
      embedding.places(points, dimension: 5) == embedding.places(points, dimension: 5))
  }

  @Test(arguments: [0, 1, 2, 3, 50])
  func fewOrEqualPointsGetFinitePlaces(count: Int) {
    let places = NeighbourEmbedding().places(
      [Float](repeating: 1, count: count * 3), dimension: 3)
    #expect(places.count == 2 * count)
    #expect(places.allSatisfy { $0.isFinite })
  }

  private func distance(_ places: [Double], _ left: Int, _ right: Int) -> Double {
    let x = places[2 * left] - places[2 * right]
    let y = places[2 * left + 1] - places[2 * right + 1]
    return x * x + y * y
  }
}
