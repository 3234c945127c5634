/// The options as part of a serialised tree.
extension CFTree {
  func write(_ options: CFTreeOptions, to writer: inout ByteWriter) {
    writer.write(options.branchingFactor)
    writer.write(options.leafCapacity)
    // NaN stands for "not given": no such value passes validation.
    writer.write(options.threshold ?? .nan)
    writer.write(UInt8(truncatingIfNeeded: Self.position(of: options.distance)))
    writer.write(UInt8(truncatingIfNeeded: Self.position(of: options.absorption)))
    writer.write(options.reachLimit ?? .nan)
    writer.write(options.memoryBudget ?? -1)
    writer.write(UInt8(options.mergingRefinement ? 1 : 0))
    writer.write(UInt8(options.delaySplit ? 1 : 0))
    writer.write(options.outlierWeightFraction)
    writer.write(options.outlierMemoryShare)
    writer.write(options.warmUpEntries)
    writer.write(options.halfLife ?? .nan)
  }

  static func readOptions(_ reader: inout ByteReader) throws(BirchError) -> CFTreeOptions {
    var options = CFTreeOptions()
    options.branchingFactor = try reader.readInt()
    options.leafCapacity = try reader.readInt()
    let threshold = try reader.readDouble()
    options.threshold = threshold.isNaN ? nil : threshold
    options.distance = try readCase(&reader)
    options.absorption = try readCase(&reader)
    let reach = try reader.readDouble()
    options.reachLimit = reach.isNaN ? nil : reach
    let budget = try reader.readInt()
    options.memoryBudget = budget < 0 ? nil : budget
    options.mergingRefinement = try reader.readByte() != 0
    options.delaySplit = try reader.readByte() != 0
    options.outlierWeightFraction = try reader.readDouble()
    options.outlierMemoryShare = try reader.readDouble()
    options.warmUpEntries = try reader.readInt()
    let halfLife = try reader.readDouble()
    options.halfLife = halfLife.isNaN ? nil : halfLife
    return options
  }

  private static func position<Value: CaseIterable & Equatable>(of value: Value) -> Int {
    Value.allCases.enumerated().first { $0.element == value }?.offset ?? 0
  }

  private static func readCase<Value: CaseIterable>(
    _ reader: inout ByteReader
  ) throws(BirchError) -> Value {
    let position = Int(try reader.readByte())
    for (offset, value) in Value.allCases.enumerated() where offset == position {
      return value
    }
    throw .malformedTree(reason: "an option has an unknown value")
  }
}
