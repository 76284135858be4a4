import { stripVTControlCharacters } from "node:util";
import { parseXml, type XmlElement } from "./xml.ts";

/** A failed case of a JUnit report, whoever wrote it. */
export interface FailedCase {
  /** The same in every report of the same suite: class or suites, and name. */
  readonly caseId: string;
  readonly name: string;
  /** Source file of the case; null where the report does not say. */
  readonly file: string | null;
  /** `error`: it broke down. `failure`: an expectation was not met. */
  readonly kind: "error" | "failure";
  /** One line. */
  readonly message: string;
  /** Message and stack; may be empty. */
  readonly details: string;
  readonly durationMs: number | null;
  /** When its suite started, milliseconds since 1970 UTC. */
  readonly startedAt: number | null;
  /** Place in the report, counted from 1 over all cases, so that a result has an id even if two cases share a name. */
  readonly position: number;
}

export interface JUnitReport {
  readonly cases: number;
  readonly failed: readonly FailedCase[];
}

/**
 * Reads what vitest, jest, pytest, node:test, Maven and others write: suites in suites, or none at all.
 * Null where the text is XML, but not of JUnit's kind.
 *
 * @throws InputError where it is not XML
 */
export function parseJUnit(text: string): JUnitReport | null {
  const root = parseXml(text);
  if (root.name !== "testsuites" && root.name !== "testsuite") return null;
  let cases = 0;
  const failed: FailedCase[] = [];
  const visit = (element: XmlElement, suites: readonly string[], startedAt: number | null): void => {
    const path = element.name === "testsuite" ? [...suites, element.attributes["name"] ?? ""] : suites;
    const started = timeOf(element.attributes["timestamp"]) ?? startedAt;
    for (const child of element.children) {
      if (child.name === "testsuite" || child.name === "testsuites") visit(child, path, started);
      if (child.name !== "testcase") continue;
      cases += 1;
      const failure = failureOf(child);
      if (failure !== null) failed.push({ ...identify(child, path), ...failure, startedAt: started, position: cases });
    }
  };
  visit(root, [], null);
  return { cases, failed };
}

/** node:test gives every case the class name "test", which tells nothing. */
function identify(testCase: XmlElement, suites: readonly string[]) {
  const { classname = "", file, time } = testCase.attributes;
  const name = oneLine(testCase.attributes["name"] ?? "") || "(case without a name)";
  const group = classname === "" || classname === "test" ? suites.filter(Boolean).join(" > ") : classname;
  const seconds = Number.parseFloat(time ?? "");
  return {
    caseId: group === "" || group === name ? name : `${oneLine(group)} > ${name}`,
    name,
    file: file ?? null,
    durationMs: Number.isFinite(seconds) ? Math.round(seconds * 1_000) : null,
  };
}

/** Null for a case that passed or was skipped. Retries that went well in the end (`flakyFailure`) are no failures. */
function failureOf(testCase: XmlElement): Pick<FailedCase, "kind" | "message" | "details"> | null {
  const found = testCase.children.filter(({ name }) => name === "failure" || name === "error");
  const [first] = found;
  if (first === undefined) return null;
  const type = first.attributes["type"] ?? "";
  const details = found.map(describe).join("\n\n");
  const message = clean(first.attributes["message"] ?? "") || details || type;
  return {
    kind: found.some(({ name }) => name === "error") || isCrash(type) ? "error" : "failure",
    message: oneLine(message.split("\n").find((line) => line.trim() !== "") ?? "") || "failed",
    details,
  };
}

/** The text is usually the message once more, with the stack; where it is not, both are worth keeping. */
function describe(failure: XmlElement): string {
  const message = clean(failure.attributes["message"] ?? "");
  const text = clean(failure.text);
  return text.includes(message) ? text : [message, text].filter(Boolean).join("\n\n");
}

/** Some runners call everything a failure; then the type tells a TypeError from an unmet expectation. */
function isCrash(type: string): boolean {
  return /(Error|Exception)$/.test(type) && !/assert/i.test(type);
}

function timeOf(timestamp: string | undefined): number | null {
  const time = Date.parse(timestamp ?? "");
  return Number.isNaN(time) || time < 0 ? null : time;
}

/** Without colours, and without the one character that no database likes. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\0", "").replaceAll("\r\n", "\n").trim();
}

function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, " ");
}
