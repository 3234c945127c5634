import CZlib

/// Unpacks gzip, one or several members in a row.
final class GzipInflater {
  private let path: String
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  /// Compressed bytes consumed by members before the present input buffer.
  private var consumed: UInt64 = 0
  private var filled = 0
  private var inputEnded = false
  /// Between members: what follows must be another member, zero padding or the end.
  private var betweenMembers = false
  private var failure: LogTextError?

  init(path: String, bufferSize: Int = 1 << 16) throws(LogTextError) {
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: bufferSize, alignment: 16)
    // 15 bits of window, plus 16 for the gzip wrapper.
    let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { throw .outOfMemory }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Fills the buffer with unpacked bytes and returns how many: 0 at the end.
  ///
  /// A failure is thrown once all bytes before it have been given out, and again by every later call.
  func read(into buffer: UnsafeMutableRawBufferPointer, from source: ByteSource)
    throws(LogTextError) -> Int
  {
    if let failure { throw failure }
    let limit = min(buffer.count, Int(UInt32.max))
    stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(limit)
    while Int(stream.pointee.avail_out) == limit {
      if stream.pointee.avail_in == 0, !inputEnded { try refill(from: source) }
      if betweenMembers, try !startNextMember() { return 0 }
      if stream.pointee.avail_in == 0, inputEnded {
        failure = .truncatedGzip(path: path, offset: offset)
        break
      }
      if betweenMembers { continue }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: continue
      case Z_STREAM_END: betweenMembers = true
      case Z_MEM_ERROR: throw .outOfMemory
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "not gzip data"
        failure = .damagedGzip(path: path, offset: offset, reason: reason)
      }
      if failure != nil { break }
    }
    let written = limit - Int(stream.pointee.avail_out)
    if written == 0, let failure { throw failure }
    return written
  }

  /// Compressed bytes consumed so far.
  private var offset: UInt64 { consumed + UInt64(filled) - UInt64(stream.pointee.avail_in) }

  private func refill(from source: ByteSource) throws(LogTextError) {
    consumed += UInt64(filled)
    filled = 0
    filled = try source.readStored(into: input)
    if filled == 0 { inputEnded = true }
    stream.pointee.next_in = input.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_in = UInt32(filled)
  }

  /// Skips zero padding and begins the member after it; false at the end of the input.
  private func startNextMember() throws(LogTextError) -> Bool {
    while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
    }
    guard stream.pointee.avail_in > 0 else { return !inputEnded }
    inflateReset(stream)
    betweenMembers = false
    return true
  }
}
