/// A hash that is the same in every process, for splits that must be reproducible (FNV-1a with a
/// final mix).
struct StableHash {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    add(UInt64(truncatingIfNeeded: bytes.count))
  }

  mutating func add(_ value: UInt64) {
    var rest = value
    for _ in 0..<8 {
      state = (state ^ (rest & 0xff)) &* 0x100_0000_01b3
      rest >>= 8
    }
  }

  var value: UInt64 {
    var mixed = state
    mixed = (mixed ^ (mixed >> 33)) &* 0xff51_afd7_ed55_8ccd
    mixed = (mixed ^ (mixed >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return mixed ^ (mixed >> 33)
  }
}
