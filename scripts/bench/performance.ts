import type { Benchmark, Figure } from "../figure.ts";

/** One benchmark's figures, as `docs/performance.json` keeps them. */
export interface Measured extends Pick<Benchmark, "title" | "about" | "layout"> {
  /** `PACKAGE NAME`, as `pnpm bench --only` takes them. */
  readonly benchmark: string;
  readonly figures: readonly Figure[];
}

export interface Performance {
  /** For example `Node 24.21.0 on 2 cores (linux, x64)`. */
  readonly machine: string;
  readonly measured: readonly Measured[];
}

/** The figures of a run take the place of former ones of the same benchmarks. */
export function updated(former: Performance | null, now: Performance, names: readonly string[]): Performance {
  const all = new Map([...(former?.measured ?? []), ...now.measured].map((entry) => [entry.benchmark, entry]));
  return { machine: now.machine, measured: names.flatMap((name) => all.get(name) ?? []) };
}

const intro = `# Performance

What Backref costs, measured by \`pnpm bench\`. [What a tracker is asked](sync.md#one-pass-over-a-link) matters most: it
bounds everything else, and is counted at the fakes' sockets. Times say little on another machine, so each stands beside
a baseline of the same run, both in turn; ratios are medians over the rounds.
`;

/** \`docs/performance.md\`, formatted as the formatter would. */
export function renderPerformance({ machine, measured }: Performance): string {
  const measuredOn = `Measured with ${machine}. \`pnpm bench --save\` measures anew and writes this page.\n`;
  return [intro, measuredOn, ...measured.map(renderBenchmark)].join("\n");
}

function renderBenchmark({ title, about, layout, figures, benchmark }: Measured): string {
  const rows = layout === "grid" ? gridOf(figures) : listOf(figures);
  return [`## ${title}\n`, `${about}\n`, renderTable(rows), `\n\`pnpm bench --only ${benchmark}\`\n`].join("\n");
}

const format = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 3 });

function listOf(figures: readonly Figure[]): readonly (readonly string[])[] {
  const withUnit = (value: number, unit: string) => `${format(value)} ${unit}`;
  return [
    ["what", "Backref", "baseline"],
    ...figures.map(({ name, value, unit, baseline }) => [
      name,
      withUnit(value, unit),
      baseline === null ? "" : withUnit(baseline, unit),
    ]),
  ];
}

function gridOf(figures: readonly Figure[]): readonly (readonly string[])[] {
  const cells = figures.map(({ name, value, baseline }) => {
    const [column = "", row = ""] = name.split(": ");
    const isMet = baseline === null || baseline === value;
    return { column, row, text: isMet ? format(value) : `${format(value)} (${format(baseline)})` };
  });
  const columns = [...new Set(cells.map(({ column }) => column))];
  const rows = [...new Set(cells.map(({ row }) => row))];
  const textAt = (column: string, row: string) =>
    cells.find((cell) => cell.column === column && cell.row === row)?.text ?? "";
  return [["", ...columns], ...rows.map((row) => [row, ...columns.map((column) => textAt(column, row))])];
}

function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(3, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
}
