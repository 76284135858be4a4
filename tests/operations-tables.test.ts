import { readFileSync } from "node:fs";
import { join } from "node:path";
import { healthReasons, logEvents, telemetryMetrics, telemetrySpans } from "@backref/core";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";
import { importsBelow } from "./support/packages.ts";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

const code = (text: string) => `\`${text}\``;
const list = (names: readonly string[]) => names.map(code).join(", ");

const tables: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "log events": Object.entries(logEvents).map(([event, { level, message, data }]) => [
    code(event),
    level,
    message,
    list(data),
  ]),
  spans: Object.entries(telemetrySpans).map(([name, { description, attributes }]) => [
    code(name),
    description,
    list(attributes),
  ]),
  metrics: Object.entries(telemetryMetrics).map(([name, { kind, unit, description, attributes }]) => [
    code(name),
    kind,
    code(unit),
    description,
    list(attributes),
  ]),
};

function tableIn(text: string, name: string): readonly (readonly string[])[] {
  const part = new RegExp(`<!-- ${name}: .*?-->([\\s\\S]*?)<!-- /${name} -->`).exec(text)?.[1] ?? "";
  const lines = part.trim().split("\n").slice(2);
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test.each(Object.entries(tables))("docs/operations.md lists the %s of the code", (name, rows) => {
  const written = tableIn(readFileSync(join(repositoryRoot, "docs/operations.md"), "utf8"), name);
  // Each row of this is a row of the page.
  expect(written).toEqual(rows);
});

test("docs/operations.md says what to do about every reason of health", () => {
  const written = tableIn(readFileSync(join(repositoryRoot, "docs/operations.md"), "utf8"), "reasons");
  expect(written.map(([reason, status]) => [reason, status])).toEqual(
    Object.entries(healthReasons).map(([reason, status]) => [code(reason), status]),
  );
  expect(written.filter(([, , remedy = ""]) => remedy.length < 10)).toEqual([]);
});

test("core logs nothing that is not in the list", () => {
  const around = ["packages/core/src/runtime/log-event.ts", "packages/core/src/create-runtime.ts"];
  // What providers say in their own words goes out as one event.
  const allowed = [
    ...around,
    "packages/core/src/runtime/provider-call.ts",
    "packages/core/src/security/guard-provider.ts",
  ];
  const sources = trackedFiles().filter((path) => path.startsWith("packages/core/src/") && path.endsWith(".ts"));
  expect(sources.length).toBeGreaterThan(100);
  const direct = sources.filter((path) => !allowed.includes(path) && /\blogger\.log\(/.test(readTracked(path)));
  expect(direct, "use logEvent of runtime/log-event.ts, and add the event to ports/log-events.ts").toEqual([]);
});

test("every log event, span and metric is used by core", () => {
  const ports = ["packages/core/src/ports/log-events.ts", "packages/core/src/ports/telemetry-names.ts"];
  const paths = new Set(importsBelow("packages/core/src").map(({ from }) => from));
  const text = [...paths]
    .filter((path) => !ports.includes(path))
    .map(readTracked)
    .join("\n");
  const names = [...Object.keys(logEvents), ...Object.keys(telemetryMetrics), ...Object.keys(telemetrySpans)];
  // A name with a word to be filled in stands at the beginning of a template, any other whole.
  const quoted = (name: string) => (name.includes("{") ? `\`${name.replace(/\{.*/, "")}` : `"${name}"`);
  const wanted = names.filter((name) => !name.startsWith("{"));
  expect(wanted.filter((name) => !text.includes(quoted(name)))).toEqual([]);
});
