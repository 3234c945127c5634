extension ReportPage {
  /// The style sheet: light and dark by the reader's preference, one column on narrow screens, plain on paper.
  static let style = """
    :root {
      color-scheme: light dark;
      --page: #f6f5f1; --card: #ffffff; --ink: #1d1c1a; --soft: #5c5a54; --line: #dedbd2; --rail: #ecebe4;
      --accent: #1f6f4a; --alarm: #b3361e; --doubt: #8a5a00; --one: #2a78d6; --two: #d4581f; --mark: #fff1d6;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #161614; --card: #20201d; --ink: #ecebe6; --soft: #aeaba2; --line: #38372f; --rail: #2f2e29;
        --accent: #6cc39a; --alarm: #f08a72; --doubt: #e0b25a; --one: #5a9df0; --two: #ef8a56; --mark: #453a1d;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--page); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    }
    main { max-width: 1120px; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
    h1 { font-size: 1rem; font-weight: 600; color: var(--accent); margin: 0 0 .75rem; }
    h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 .35rem; }
    h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
    h4 { font-size: .85rem; font-weight: 600; color: var(--soft); margin: 1rem 0 .35rem; }
    p { margin: 0 0 .75rem; max-width: 70ch; }
    .lead { font-size: clamp(1.25rem, 1rem + 1.6vw, 1.8rem); line-height: 1.35; font-weight: 500; max-width: 40ch; text-wrap: pretty; }
    .soft { color: var(--soft); }
    .number, td.n, th.n { font-variant-numeric: tabular-nums; }
    a { color: var(--accent); }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    code, .log {
      font: .82rem/1.5 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere;
    }

    dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1px; margin: 1.75rem 0 0;
      background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
    .facts div { background: var(--card); padding: .85rem 1rem; }
    .facts dt { color: var(--soft); font-size: .85rem; }
    .facts dd { margin: .1rem 0 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
    .facts small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft); }
    .note { border-left: 3px solid var(--doubt); padding: .1rem 0 .1rem .9rem; margin: 1rem 0 0; }

    .sizes { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: .45rem; }
    .sizes li { display: grid; grid-template-columns: minmax(6rem, 15rem) 1fr minmax(7.5rem, auto); gap: .9rem; align-items: center; }
    .sizes a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; overflow-wrap: anywhere; }
    .sizes .number { text-align: right; color: var(--soft); font-size: .9rem; }
    svg.bar { display: block; width: 100%; height: .7rem; border-radius: 3px; }
    svg.bar .rail { fill: var(--rail); } svg.bar .fill { fill: var(--alarm); }
    svg.bar.normal .fill { fill: var(--accent); } svg.bar.candidate .fill { fill: var(--doubt); }
    svg.bar.thin { height: .4rem; } svg.bar.reference .fill { fill: var(--soft); }

    .kinds { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21.5rem), 1fr)); gap: 1rem; margin-top: 1rem; align-items: start; }
    article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.2rem 1.2rem; min-width: 0; }
    article header { display: flex; gap: .6rem; align-items: baseline; justify-content: space-between; }
    .badge { font-size: .8rem; font-weight: 600; color: var(--alarm); white-space: nowrap; }
    .badge.normal { color: var(--accent); } .badge.candidate { color: var(--doubt); }
    article .size { color: var(--soft); font-size: .9rem; margin: .1rem 0 .6rem; }
    article p.reading { margin: 0; overflow-wrap: anywhere; }
    .evidence { list-style: none; margin: 0; padding: 0; display: grid; gap: .7rem; }
    .evidence code { display: block; margin-bottom: .15rem; }
    .pair { display: grid; grid-template-columns: 5.4rem 1fr 3.4rem; gap: .3rem .6rem; align-items: center; font-size: .8rem; color: var(--soft); }
    .pair .number { text-align: right; }

    details { margin-top: .6rem; }
    summary { cursor: pointer; overflow-wrap: anywhere; }
    details.sample summary { font-size: .88rem; color: var(--soft); }
    ol.log { list-style: none; margin: .4rem 0 0; padding: .5rem 0; border-block: 1px solid var(--line); }
    ol.log li { display: grid; grid-template-columns: 2.7rem 1fr; padding: .12rem .5rem; }
    ol.log .id { color: var(--soft); } ol.log li > * { min-width: 0; }
    ol.log li.decisive { background: var(--mark); font-weight: 600; }
    ol.log .tag { font: 600 .75rem/1 system-ui, sans-serif; color: var(--doubt); white-space: nowrap; }

    .scroll { overflow-x: auto; margin-top: 1rem; }
    table { border-collapse: collapse; font-size: .93rem; min-width: 34rem; }
    table.wide { width: 100%; }
    th { text-align: left; font-weight: 600; font-size: .85rem; color: var(--soft); white-space: nowrap; }
    th, td { padding: .45rem 1.1rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
    th.n, td.n { text-align: right; }
    tfoot td { font-weight: 600; border-bottom: 0; }

    figure { margin: 1rem 0 0; max-width: 620px; }
    svg.curve { width: 100%; height: auto; display: block; }
    .curve .grid { stroke: var(--line); } .curve .chosen { stroke: var(--ink); stroke-dasharray: 3 3; }
    .curve .tick { fill: var(--soft); font: 12px system-ui, sans-serif; } .curve .end { text-anchor: end; } .curve .middle { text-anchor: middle; }
    .curve .line { fill: none; stroke-width: 2; } .curve .line.one { stroke: var(--one); } .curve .line.two { stroke: var(--two); }
    .curve .dot { stroke: var(--page); stroke-width: 1.5; } .curve .dot.one { fill: var(--one); } .curve .dot.two { fill: var(--two); }
    .key { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; font-size: .9rem; margin: 0 0 .4rem; }
    .key span::before { content: ""; display: inline-block; width: 1.1rem; height: 3px; margin-right: .45rem; vertical-align: middle; border-radius: 2px; background: var(--one); }
    .key .two::before { background: var(--two); } .key .chosen::before { background: none; border-top: 2px dashed var(--ink); border-radius: 0; height: 0; }

    .findings { margin-top: 1rem; border-top: 1px solid var(--line); }
    .findings details { margin: 0; border-bottom: 1px solid var(--line); }
    .findings summary { padding: .6rem 0; display: grid; grid-template-columns: 1rem minmax(8rem, 16rem) minmax(5rem, 12rem) 5.5rem 1fr; gap: .3rem .9rem; align-items: baseline; list-style: none; }
    .findings summary::-webkit-details-marker { display: none; }
    .findings summary::before { content: "▸"; color: var(--soft); }
    .findings details[open] summary::before { content: "▾"; }
    .findings .why { color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
    .findings .inside { padding: 0 0 1rem 1.9rem; }
    .findings ul { margin: .3rem 0 .6rem; padding-left: 1.1rem; }
    footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .88rem; }

    @media (max-width: 640px) {
      main { padding: 1.5rem 1rem 3rem; }
      .sizes li { grid-template-columns: 1fr auto; gap: .15rem .8rem; }
      .sizes svg { grid-column: 1 / -1; grid-row: 2; }
      .findings summary { grid-template-columns: 1rem 1fr auto; }
      .findings .why { grid-column: 2 / -1; }
      .findings .score { grid-column: 3; grid-row: 1; }
      .findings .kind { grid-column: 2 / -1; }
      .findings .inside { padding-left: 0; }
    }
    @media print { body { background: none; } article, .findings details { break-inside: avoid; } }
    """
}
