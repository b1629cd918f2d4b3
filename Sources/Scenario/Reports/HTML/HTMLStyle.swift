/// How the report looks. Colours differ in lightness as well, and what is lost is dashed: nothing
/// is said by hue alone.
enum HTMLStyle {
    static let sheet = page + diagram + print

    private static let page = """
        :root {
          --paper: #ffffff; --ink: #1c2430; --soft: #5b6675; --rule: #d9dfe7; --tint: #f3f6fa;
          --message: #1f6feb; --retry: #c25700; --ack: #1a7f37; --downstream: #8250df;
          --bad: #cf222e; --quiet: #6e7781; --decides: #ffe3e3; --drain: #fff1c2;
          --fault: #ffe9e2; --connection: #b6cdf0;
        }
        @media (prefers-color-scheme: dark) { @media screen { :root {
          --paper: #14181f; --ink: #e4e9f0; --soft: #9aa6b5; --rule: #323b48; --tint: #1d232c;
          --message: #6cb0ff; --retry: #ff9b4a; --ack: #56d073; --downstream: #c09cff;
          --bad: #ff7b72; --quiet: #97a1ad; --decides: #4d1f24; --drain: #4a3d10;
          --fault: #45251c; --connection: #35507a;
        } } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 24px 32px 64px; max-width: 1264px; color: var(--ink);
          background: var(--paper); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans",
          "Liberation Sans", sans-serif; }
        h1 { font-size: 26px; line-height: 1.25; margin: 8px 0; overflow-wrap: anywhere; }
        h2 { font-size: 18px; margin: 32px 0 8px; }
        a { color: var(--message); }
        code, pre { font: 12.5px/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono",
          "Liberation Mono", monospace; }
        pre { background: var(--tint); border-radius: 6px; padding: 10px 14px; margin: 8px 0;
          overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
        .badge { display: inline-block; font-size: 13px; line-height: 20px; padding: 1px 10px;
          border-radius: 12px; color: var(--paper); vertical-align: middle; font-weight: 600; }
        .badge.good { background: var(--ack); } .badge.bad { background: var(--bad); }
        .about { font-size: 17px; color: var(--soft); margin: 4px 0 16px; max-width: 900px; }
        .facts { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 0; padding: 12px 16px;
          background: var(--tint); border-radius: 8px; }
        .facts dt { font-size: 12px; color: var(--soft); } .facts dd { margin: 0; }
        .facts dd { overflow-wrap: anywhere; } .facts .wide { flex-basis: 100%; }
        .failure { border-left: 4px solid var(--bad); padding: 6px 14px; margin: 16px 0; }
        .expectations { padding-left: 0; list-style: none; counter-reset: n; margin: 8px 0; }
        .expectations li { counter-increment: n; padding: 5px 0 5px 64px; position: relative;
          border-top: 1px solid var(--rule); }
        .expectations li::before { content: counter(n); position: absolute; left: 32px;
          color: var(--soft); }
        .expectations li::after { position: absolute; left: 6px; top: 5px; font-weight: 700; }
        .met::after { content: "✓"; color: var(--ack); }
        .missed::after { content: "✗"; color: var(--bad); }
        .missed .sentence { font-weight: 600; }
        .came { color: var(--soft); font-size: 13px; margin-left: 8px; }
        .missed .came { color: var(--bad); }
        details { margin: 16px 0; } summary { cursor: pointer; color: var(--soft); }
        .index { margin-bottom: 48px; }
        .plays { border-collapse: collapse; width: 100%; font-size: 14px; }
        .plays th { text-align: left; font-size: 12px; font-weight: 400; color: var(--soft); }
        .plays td, .plays th { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--rule); }
        article + article { margin-top: 64px; border-top: 3px solid var(--rule);
          padding-top: 24px; }

        """

    private static let diagram = """
        .legend { font-size: 13px; margin: 4px 0; } .legend span { margin-right: 20px;
          white-space: nowrap; }
        .swatch { display: inline-block; width: 18px; height: 0; border-top: 3px solid;
          margin-right: 6px; vertical-align: middle; }
        .notes { font-size: 13px; color: var(--soft); margin: 4px 0 12px; }
        .diagram { border-collapse: collapse; width: 100%; table-layout: fixed; }
        .diagram td, .diagram th { padding: 0; font-weight: 400; }
        .diagram.wide { width: auto; table-layout: auto; }
        .diagram thead th { position: sticky; top: 0; background: var(--paper); z-index: 1;
          border-bottom: 1px solid var(--rule); }
        .diagram svg { display: block; width: 100%; height: auto; }
        .diagram.wide svg { width: auto; }
        svg text { font: 12px system-ui, "Segoe UI", Roboto, "DejaVu Sans", "Liberation Sans",
          sans-serif; fill: var(--ink); }
        svg .head { fill: var(--tint); stroke: var(--rule); }
        svg .name { font-size: 14px; font-weight: 600; } svg .part { font-size: 11px;
          fill: var(--soft); }
        svg .lifeline { stroke: var(--quiet); stroke-width: 1.2; }
        svg .unbound { stroke-dasharray: 2 5; }
        svg .blank { fill: var(--paper); }
        svg .span-connection { fill: var(--connection); }
        svg .span-down { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 1.5 5;
          stroke-linecap: round; }
        svg .span-draining { fill: var(--drain); } svg .span-fault { fill: var(--fault); }
        svg .band { font-size: 10.5px; fill: var(--soft); }
        svg .timer { fill: none; stroke: var(--retry); stroke-width: 1.5; }
        svg .stopped { stroke: var(--quiet); stroke-dasharray: 3 3; stroke-width: 1; }
        svg .timer-text, svg .stopped-text { font-size: 11px; stroke: var(--paper);
          stroke-width: 4; paint-order: stroke; stroke-dasharray: none; }
        svg text.timer-text { fill: var(--retry); } svg text.stopped-text { fill: var(--quiet); }
        svg .time { font-size: 11.5px; fill: var(--soft); font-variant-numeric: tabular-nums; }
        svg .quiet { font-size: 11px; fill: var(--soft); font-style: italic; }
        svg .break { fill: none; stroke: var(--quiet); stroke-width: 1.2; }
        svg .step { fill: var(--tint); } svg .step-text { font-style: italic;
          stroke: var(--tint); stroke-width: 5; paint-order: stroke; stroke-linejoin: round; }
        svg .decides { fill: var(--decides); } svg .decides-text { fill: var(--bad);
          font-weight: 600; }
        svg .label { stroke: var(--paper); stroke-width: 4; paint-order: stroke;
          stroke-linejoin: round; }
        svg .arrow { stroke-width: 1.6; stroke: currentColor; }
        svg .lost { stroke-dasharray: 6 4; } svg .unknown { stroke-dasharray: 2 3; }
        svg .lost-cross { fill: none; stroke: var(--bad); stroke-width: 2.6; }
        svg .filled { fill: currentColor; } svg .stroked { fill: none; stroke: currentColor;
          stroke-width: 2; }
        svg .hollow { fill: var(--paper); stroke: currentColor; stroke-width: 2; }
        svg .on-filled { fill: none; stroke: var(--paper); stroke-width: 1.6; }
        svg .attempt { fill: var(--paper); font-size: 11px; font-weight: 700; }
        .tone-message { color: var(--message); } .tone-retry { color: var(--retry); }
        .tone-ack { color: var(--ack); } .tone-downstream { color: var(--downstream); }
        .tone-bad { color: var(--bad); } .tone-quiet { color: var(--quiet); }
        svg text.label { fill: currentColor; }

        """

    private static let print = """
        @media print {
          @page { size: landscape; margin: 12mm; }
          body { padding: 0; max-width: none; font-size: 10.5pt; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          article { break-before: page; } article:first-child { break-before: auto; }
          .diagram tr, .expectations li, pre { break-inside: avoid; }
          h2 { break-after: avoid; } details { display: none; }
          .diagram.wide svg { width: 100%; }
        }
        """
}
