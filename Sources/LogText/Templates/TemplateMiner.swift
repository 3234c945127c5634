/// Finds the templates of log lines as they stream by, and recognises them again.
///
/// Drain (He et al. 2017) in its outline: lines are sorted into groups that can hold one template, and joined with the template of
/// their group that is most similar. It departs from the paper in three ways. Values are masked by their form before anything is
/// compared, and only constant words count for similarity. A group is not a length and a first word but the arrangement
/// of marks between words, so that templates may begin with a variable. And every skeleton that was seen keeps its
/// template: a line that was learned finds its template again whatever was learned after it, at the price of one look-up.
///
/// Memory is bounded by ``Limits``. A miner is a value: a copy that is no longer taught is frozen, and threads may share it.
public struct TemplateMiner: Sendable {
  /// What bounds a miner and how alike lines must be.
  public struct Limits: Sendable, Equatable {
    /// Templates kept; beyond them the one unused for longest is forgotten, and its id not used again.
    public var templates: Int
    /// Bytes of those templates, likewise.
    public var templateBytes: Int
    /// Distinct skeletons whose template is remembered.
    public var skeletons: Int
    /// Bytes of those skeletons.
    public var skeletonBytes: Int
    /// Share of constant words that a line must have in common with its template, 0 … 1.
    public var similarity: Double

    public init(
      templates: Int = 20_000, templateBytes: Int = 64 << 20, skeletons: Int = 65_536,
      skeletonBytes: Int = 16 << 20,
      similarity: Double = 0.8
    ) {
      self.templates = max(1, templates)
      self.templateBytes = max(1, templateBytes)
      self.skeletons = max(2, skeletons)
      self.skeletonBytes = max(2, skeletonBytes)
      self.similarity = similarity
    }
  }

  /// A template as the miner holds it.
  struct Cluster: Sendable {
    var id: Int32
    var skeleton: [UInt8]
    var tokens: [Skeleton.Token]
    var group: UInt64
    var count: Int
    /// Neighbours in the order of use.
    var older = TemplateMiner.none
    var newer = TemplateMiner.none

    /// Bytes the template takes, roughly.
    var size: Int { skeleton.count + tokens.count * MemoryLayout<Skeleton.Token>.stride + 160 }
  }

  static let none: Int32 = -1
  /// Templates of a group that a line is compared with, the latest first: keeps the time per line from growing.
  static let comparisons = 256

  /// The bounds.
  public internal(set) var limits: Limits
  /// Templates that the user gave; their events come first.
  public let userTemplates: UserTemplates
  /// The event of the next new template.
  public internal(set) var nextID: Int32
  /// How many templates were forgotten because there were too many.
  public internal(set) var evictedTemplates = 0

  var templateBytes = 0
  var slots: [Cluster] = []
  var freeSlots: [Int32] = []
  var slotOfID: [Int32: Int32] = [:]
  var groups: [UInt64: [Int32]] = [:]
  var oldest = Self.none
  var newest = Self.none
  /// Skeletons seen lately, and those before them: the older half is dropped when the newer is full.
  var recent = SkeletonTable()
  var earlier = SkeletonTable()
  private var scanner = LineScanner()

  /// An empty miner.
  ///
  /// - Parameters:
  ///   - userTemplates: win over mining; event N is line N of them.
  ///   - firstID: the first mined event; never below the number of user templates plus one.
  public init(
    limits: Limits = Limits(), userTemplates: UserTemplates = UserTemplates(lines: []),
    firstID: Int32 = 1
  ) {
    self.limits = limits
    self.userTemplates = userTemplates
    nextID = max(firstID, Int32(truncatingIfNeeded: userTemplates.count) + 1)
  }

  /// The templates that lines can be given, by ascending id; user templates first, empty ones left out.
  public var templates: [Template] {
    let mined = slotOfID.values.map { slots[Int($0)] }.sorted { $0.id < $1.id }
    return userTemplates.templates
      + mined.map { Template(id: $0.id, text: Skeleton.text($0.skeleton), count: $0.count) }
  }

  /// The number of templates that lines can be given.
  public var templateCount: Int { slotOfID.count + userTemplates.templates.count }

  /// The template of an event, or nil when there is none or it was forgotten.
  public func template(_ id: Int32) -> Template? {
    guard let slot = slotOfID[id] else { return userTemplates.template(id) }
    let cluster = slots[Int(slot)]
    return Template(id: id, text: Skeleton.text(cluster.skeleton), count: cluster.count)
  }

  /// Learns a line and returns its event.
  ///
  /// - Parameter content: the line without its header.
  /// - Complexity: linear in the line's bytes when its skeleton is known; a new skeleton is compared with at most 256 templates.
  public mutating func learn(_ content: UnsafeRawBufferPointer) -> Int32 {
    if let id = userTemplates.match(content) { return id }
    scanner.scan(content)
    let hash = scanner.skeleton.withUnsafeBytes { Skeleton.hash($0) }
    if let entry = recent.find(scanner.skeleton, hash: hash), isLive(entry) {
      slots[Int(entry.slot)].count += 1
      touch(entry.slot)
      return entry.id
    }
    let slot: Int32
    if let entry = earlier.find(scanner.skeleton, hash: hash), isLive(entry) {
      slot = entry.slot
    } else {
      slot = assign(scanner.skeleton)
    }
    remember(scanner.skeleton, hash: hash, slot: slot)
    slots[Int(slot)].count += 1
    touch(slot)
    return slots[Int(slot)].id
  }

  /// The event of a line, or nil when no template fits it exactly; learns nothing.
  public func match(_ content: UnsafeRawBufferPointer) -> Int32? {
    var scanner = LineScanner()
    return match(content, using: &scanner)
  }

  /// The event of a line, or nil when no template fits it exactly; learns nothing, and saves allocations by the caller's scanner.
  public func match(_ content: UnsafeRawBufferPointer, using scanner: inout LineScanner) -> Int32? {
    if let id = userTemplates.match(content) { return id }
    scanner.scan(content)
    let hash = scanner.skeleton.withUnsafeBytes { Skeleton.hash($0) }
    if let entry = recent.find(scanner.skeleton, hash: hash), isLive(entry) { return entry.id }
    if let entry = earlier.find(scanner.skeleton, hash: hash), isLive(entry) { return entry.id }
    return fittingSlot(scanner.skeleton).map { slots[Int($0)].id }
  }

  private func isLive(_ entry: SkeletonTable.Entry) -> Bool {
    let slot = Int(entry.slot)
    return slot < slots.count && slots[slot].id == entry.id
  }

  mutating func remember(_ skeleton: [UInt8], hash: UInt64, slot: Int32) {
    if recent.count >= limits.skeletons / 2 || recent.size >= limits.skeletonBytes / 2 {
      earlier = recent
      recent = SkeletonTable()
    }
    recent.set(skeleton, hash: hash, slot: slot, id: slots[Int(slot)].id)
  }
}
