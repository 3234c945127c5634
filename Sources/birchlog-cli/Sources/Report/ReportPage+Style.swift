extension ReportPage {
  /// The style sheet: light and dark by the reader's preference or choice, one column on narrow
  /// screens, plain on paper.
  static let style = """
    :root { color-scheme: light; \(light) }
    @media (prefers-color-scheme: dark) { :root { color-scheme: dark; \(dark) } }
    :root:has(#theme-light:checked) { color-scheme: light; \(light) }
    :root:has(#theme-dark:checked) { color-scheme: dark; \(dark) }
    \(rules)
    """

  private static let light = """
    --page: #f7f6f2; --card: #fff; --ink: #1c1b19; --soft: #5b5953; --line: #dfdcd3; --rail: #eae8e0; --accent: #1b6a46; --alarm: #b3361e; \
    --doubt: #865600; --one: #2a78d6; --two: #c8501b; --mark: #ffe9b8; --heat: #2a78d6; --c0: #2468b4; --c1: #c04a12; --c2: #16835a; --c3: #a8408c; \
    --c4: #946800; --c5: #6a51bd; --c6: #0a8390; --c7: #8a5340; --cn: #9a978d; --cu: #1c1b19;
    """

  private static let dark = """
    --page: #151513; --card: #1f1f1c; --ink: #ecebe6; --soft: #b0ada4; --line: #37362f; --rail: #2e2d28; --accent: #74c8a0; --alarm: #f2937c; \
    --doubt: #e3b763; --one: #6aa8f2; --two: #f0935f; --mark: #57461b; --heat: #4f95ee; --c0: #6aa8f2; --c1: #f0895a; --c2: #4cc493; --c3: #e08bc9; \
    --c4: #d9b13f; --c5: #a694ee; --c6: #4cc3cf; --c7: #cf9a84; --cn: #7b786f; --cu: #ecebe6;
    """

  private static let rules = """
    * { box-sizing: border-box; }
    html { scroll-padding-top: 3.5rem; }
    body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    main, .top, footer { max-width: 1120px; margin: 0 auto; padding: 0 1.25rem; }
    h1 { font-size: 1rem; font-weight: 600; color: var(--soft); margin: 2rem 0 .6rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.4rem; line-height: 1.3; margin: 3.2rem 0 .3rem; letter-spacing: -.01em; }
    h3 { font-size: 1.05rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
    section > h3 { margin-top: 2rem; }
    h4 { font-size: .85rem; font-weight: 600; color: var(--soft); margin: 1rem 0 .35rem; }
    p { margin: 0 0 .75rem; max-width: 70ch; }
    .lead { font-size: clamp(1.2rem, 1rem + 1.5vw, 1.75rem); line-height: 1.38; font-weight: 500; max-width: 46ch; text-wrap: pretty; letter-spacing: -.01em; overflow-wrap: anywhere; }
    .soft { color: var(--soft); }
    .number, td.n, th.n { font-variant-numeric: tabular-nums; }
    a { color: var(--accent); }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .skip { position: absolute; left: -999px; top: .5rem; background: var(--card); padding: .4rem .8rem; z-index: 5; }
    .skip:focus { left: .75rem; }
    code, .log { font: .82rem/1.5 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
    mark { background: var(--mark); color: inherit; padding: .05em .15em; border-radius: 2px; box-decoration-break: clone; -webkit-box-decoration-break: clone; }

    .top { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding-top: 1.1rem; }
    .brand { display: flex; align-items: center; gap: .4rem; margin: 0; font-weight: 650; color: var(--accent); }
    .brand svg { width: 1.5rem; height: 1.5rem; }
    .theme { display: flex; border: 1px solid var(--line); border-radius: 8px; padding: 2px; margin: 0; background: var(--card); font-size: .85rem; }
    .theme label { position: relative; cursor: pointer; }
    .theme input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; }
    .theme span { display: block; padding: .15rem .6rem; border-radius: 6px; color: var(--soft); }
    .theme input:checked + span { background: var(--rail); color: var(--ink); }
    .theme input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 1px; }
    nav { position: sticky; top: 0; z-index: 2; display: flex; gap: .2rem 1.2rem; margin: 2rem -1.25rem 0; padding: .6rem 1.25rem; overflow-x: auto; background: var(--page); border-bottom: 1px solid var(--line); scrollbar-width: none; }
    nav a { color: var(--soft); text-decoration: none; white-space: nowrap; font-size: .92rem; } nav a:hover { color: var(--ink); text-decoration: underline; }

    dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1px; margin: 1.6rem 0 0; background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
    .facts div { background: var(--card); padding: .8rem 1rem; }
    .facts dt { color: var(--soft); font-size: .85rem; }
    .facts dd { margin: .1rem 0 0; font-size: 1.35rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
    .facts small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft); }
    .note { border-left: 3px solid var(--doubt); padding: .1rem 0 .1rem .9rem; margin: 1rem 0 0; }

    .c0 { --k: var(--c0); } .c1 { --k: var(--c1); } .c2 { --k: var(--c2); } .c3 { --k: var(--c3); } .c4 { --k: var(--c4); } .c5 { --k: var(--c5); }
    .c6 { --k: var(--c6); } .c7 { --k: var(--c7); } .cn { --k: var(--cn); } .cu { --k: var(--cu); }
    .mark { width: .85em; height: .85em; margin-right: .4em; vertical-align: -.06em; fill: var(--k); flex: none; } .mark.cu path { stroke: var(--k); stroke-width: 2.4; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: .8rem 0 0; padding: 0; font-size: .9rem; }
    .legend a { color: inherit; text-decoration: none; } .legend a:hover { text-decoration: underline; } .legend .number { color: var(--soft); }
    .legend li { max-width: 20rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }

    figure { margin: 1rem 0 0; }
    .timeline { display: grid; grid-template-columns: auto 1fr; gap: .2rem .6rem; font-size: .82rem; color: var(--soft); font-variant-numeric: tabular-nums; }
    .timeline .scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; line-height: 1; }
    .timeline svg { width: 100%; height: 160px; display: block; border-bottom: 1px solid var(--soft); background: linear-gradient(var(--line), var(--line)) 0 50% / 100% 1px no-repeat, linear-gradient(var(--line), var(--line)) 0 0 / 100% 1px no-repeat; }
    .timeline rect { fill: var(--k); } .timeline .hit { fill: transparent; } .timeline g:hover .hit { fill: var(--rail); }
    .timeline .span { grid-column: 2; display: flex; justify-content: space-between; }
    .map { margin-top: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
    .map svg { width: 100%; height: auto; display: block; }
    .pt path { fill: var(--k); stroke: var(--card); stroke-width: .8; } .pt.cn path { opacity: .55; } .pt.cu path { stroke: var(--k); stroke-width: 2; }
    .pt text { display: none; font: 14px system-ui, sans-serif; fill: var(--ink); }
    .pt:hover text, .pt:focus text { display: block; } .pt:hover path, .pt:focus path { stroke: var(--ink); stroke-width: 1.8; } .pt:focus { outline: none; }
    .mapbox:has(.legend a:hover, .legend a:focus-visible) .pt { opacity: .12; }
    \(highlights)

    .kinds { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 1rem; margin-top: 1rem; align-items: start; }
    article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.2rem 1.2rem; min-width: 0; scroll-margin-top: 3.5rem; }
    article:target { border-color: var(--accent); }
    article header { display: flex; gap: .6rem; align-items: baseline; justify-content: space-between; }
    .badge { font-size: .8rem; font-weight: 600; color: var(--alarm); white-space: nowrap; }
    .badge.normal { color: var(--accent); } .badge.candidate { color: var(--doubt); }
    article .size { color: var(--soft); font-size: .88rem; margin: .15rem 0 0; }
    article p.reading { margin: .2rem 0 0; overflow-wrap: anywhere; }
    .evidence { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
    .evidence code { display: block; margin-bottom: .1rem; }
    .pair { display: grid; grid-template-columns: 4.2rem 1fr 3.4rem; gap: .2rem .6rem; align-items: center; font-size: .8rem; color: var(--soft); }
    .pair .number { text-align: right; }
    svg.bar { display: block; width: 100%; height: .7rem; border-radius: 3px; }
    svg.bar .rail { fill: var(--rail); } svg.bar .fill { fill: var(--alarm); }
    svg.bar.normal .fill { fill: var(--accent); } svg.bar.candidate .fill { fill: var(--doubt); }
    svg.bar.thin { height: .4rem; } svg.bar.reference .fill { fill: var(--soft); }

    details { margin-top: .6rem; }
    summary { cursor: pointer; overflow-wrap: anywhere; }
    details.sample { margin-top: .35rem; } details.sample summary { font-size: .88rem; color: var(--soft); } .session { color: var(--ink); overflow-wrap: anywhere; }
    details.others > summary { margin-top: 1.4rem; color: var(--soft); }
    ol.log { list-style: none; margin: .4rem 0 .2rem; padding: .4rem 0; border-block: 1px solid var(--line); }
    ol.log li { display: grid; grid-template-columns: minmax(2.4rem, max-content) 1fr; gap: .7rem; padding: .1rem .2rem; }
    ol.log .id { color: var(--soft); text-align: right; min-width: 2.4rem; } ol.log li > * { min-width: 0; }

    .scroll { overflow-x: auto; margin-top: 1rem; }
    table { border-collapse: collapse; font-size: .93rem; min-width: 34rem; }
    table.wide { width: 100%; } table.plain { min-width: 0; }
    th { text-align: left; font-weight: 600; font-size: .85rem; color: var(--soft); }
    thead th { white-space: nowrap; }
    th, td { padding: .4rem 1.1rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
    .plain th { font-size: .93rem; font-weight: 500; color: var(--ink); }
    th.n, td.n { text-align: right; }
    tfoot td { font-weight: 600; border-bottom: 0; }
    .heats { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: .5rem 1.6rem; align-items: start; }
    figcaption { font-size: .92rem; overflow-wrap: anywhere; }
    table.attention { width: 100%; min-width: 20rem; } .attention th, .attention td { padding: .15rem .4rem .15rem 0; border: 0; } .attention th code { font-weight: 400; color: var(--ink); }
    .attention td.heat { width: 2.6rem; min-width: 2.6rem; padding: .15rem .35rem; border: 1px solid var(--page); border-radius: 5px; font-size: .82rem; background: color-mix(in srgb, var(--heat) calc(var(--v) * .62), var(--card)); }

    .figure-curve { max-width: 620px; }
    svg.curve { width: 100%; max-width: 620px; height: auto; display: block; }
    .curve .grid { stroke: var(--line); } .curve .chosen { stroke: var(--ink); stroke-dasharray: 3 3; }
    .curve .tick { fill: var(--soft); font: 12px system-ui, sans-serif; } .curve .end { text-anchor: end; } .curve .middle { text-anchor: middle; }
    .curve .line { fill: none; stroke-width: 2; } .curve .line.one { stroke: var(--one); } .curve .line.two { stroke: var(--two); }
    .curve .dot { stroke: var(--page); stroke-width: 1.5; } .curve .dot.one { fill: var(--one); } .curve .dot.two { fill: var(--two); }
    .key { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; font-size: .9rem; margin: 0 0 .4rem; }
    .key span::before { content: ""; display: inline-block; width: 1.1rem; height: 3px; margin-right: .45rem; vertical-align: middle; border-radius: 2px; background: var(--one); }
    .key .two::before { background: var(--two); } .key .chosen::before { background: none; border-top: 2px dashed var(--ink); border-radius: 0; height: 0; }

    .findings { margin-top: 1rem; border-top: 1px solid var(--line); }
    .findings details { margin: 0; border-bottom: 1px solid var(--line); }
    .findings summary { padding: .6rem 0; display: grid; grid-template-columns: 1rem minmax(7rem, 14rem) minmax(4rem, 11rem) 4rem 1fr; gap: .3rem .9rem; align-items: baseline; list-style: none; }
    .findings summary::-webkit-details-marker { display: none; }
    .findings summary::before { content: "▸"; color: var(--soft); }
    .findings details[open] summary::before { content: "▾"; }
    .findings .score { text-align: right; }
    .findings .why { color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
    .findings .inside { padding: 0 0 1.2rem 1.9rem; }
    .findings .inside p { margin-bottom: .4rem; overflow-wrap: anywhere; }
    .findings ul { margin: .2rem 0 .5rem; padding-left: 1.1rem; }
    footer { margin-top: 3.5rem; padding-block: 1rem 2.5rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }

    @media (max-width: 640px) {
      main, .top, footer { padding-inline: 1rem; } nav { margin-inline: -1rem; padding-inline: 1rem; }
      h2 { margin-top: 2.4rem; } .facts dd { font-size: 1.15rem; } dl.facts { grid-template-columns: 1fr 1fr; } .facts div:first-child { grid-column: 1 / -1; }
      article { padding: .9rem .95rem 1rem; } ol.log li { gap: .5rem; }
      .findings summary { grid-template-columns: .8rem 1fr auto; }
      .findings .why { grid-column: 2 / -1; } .findings .score { grid-column: 3; grid-row: 1; } .findings .kind { grid-column: 2 / -1; }
      .findings .inside { padding-left: 0; } .pt text { font-size: 21px; } .pt path { stroke: var(--k); stroke-width: 4; } .timeline svg { height: 130px; }
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
    @media print { nav, .theme { display: none; } body { background: none; } article, .findings details { break-inside: avoid; } }
    """

  /// What is hovered in the legend stays lit on the map.
  private static let highlights = (0..<ReportPalette.colours).map {
    ".mapbox:has(.legend a.c\($0):is(:hover, :focus-visible)) .pt.c\($0) { opacity: 1; }"
  }.joined(separator: "\n")
}
