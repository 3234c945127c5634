import Glibc

/// Reads a whole regular file, up to a limit.
///
/// - Throws: `io` when it is missing, a folder, unreadable or longer than `limit` bytes.
func fileBytes(_ path: String, limit: Int) throws(BirchlogError) -> [UInt8] {
  // Without O_NONBLOCK a pipe that nobody writes to would hold the caller for ever.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else {
    let failure = errno
    let remedy = failure == EACCES ? "ask for the right to read it" : "check the path"
    throw .io("Cannot read \(path): \(AtomicFile.reason(failure)); \(remedy).")
  }
  defer { close(descriptor) }
  var information = stat()
  guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
    let what = information.st_mode & S_IFMT == S_IFDIR ? "a folder" : "no regular file"
    throw .io("Cannot read \(path): it is \(what); name a file.")
  }
  guard information.st_size <= limit else {
    throw .io("Cannot read \(path): it is longer than \(limit) bytes; name the right file.")
  }
  let size = Int(information.st_size)
  var failure: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        failure = got < 0 ? errno : 0
        break
      }
      count += got
    }
  }
  guard failure == 0 else {
    throw .io("Cannot read \(path): \(AtomicFile.reason(failure)); copy it to a sound disk.")
  }
  return bytes
}
