/// Gives lines that a frozen miner does not know templates and events of their own, behind the trained ones.
///
/// Small and bounded: beyond its limit the template unused for longest is forgotten; ids are not used again.
public struct UnseenTemplates: Sendable {
  private var miner: TemplateMiner
  private var scanner = LineScanner()

  /// An empty overlay over a trained miner.
  public init(after trained: TemplateMiner, templates: Int = 1000) {
    miner = TemplateMiner(
      limits: TemplateMiner.Limits(
        templates: templates, skeletons: 8192, skeletonBytes: 4 << 20),
      firstID: trained.nextID)
  }

  /// The event of a line: the trained one where there is one, else that of a template of the overlay.
  public mutating func event(
    of content: UnsafeRawBufferPointer, trained: TemplateMiner
  ) -> (id: Int32, isUnseen: Bool) {
    if let id = trained.match(content, using: &scanner) { return (id, false) }
    return (miner.learn(content), true)
  }

  /// Merges what all lines together show to be one template; to be called when no more lines come.
  public mutating func finish() { miner.finish() }

  /// The event that an event became when templates were merged.
  public func finalID(of id: Int32) -> Int32 { miner.finalID(of: id) }

  /// The overlay as plain values.
  public var state: TemplateMiner.State { miner.state }

  /// Goes on from such values; the order of use is lost.
  ///
  /// - Throws: `invalidState` when they are not those of an overlay.
  public mutating func restore(_ state: TemplateMiner.State) throws(LogTextError) {
    miner = try TemplateMiner(state: state, limits: miner.limits)
  }

  /// The template of an unseen event, or nil when there is none or it was forgotten.
  public func template(_ id: Int32) -> Template? { miner.template(id) }

  /// The templates of unseen lines, by ascending id.
  public var templates: [Template] { miner.templates }

  /// The values of an unseen template's variable parts in a line; nil when the line does not fit.
  public func parameters(of content: UnsafeRawBufferPointer, template id: Int32) -> [Parameter]? {
    miner.parameters(of: content, template: id)
  }
}
