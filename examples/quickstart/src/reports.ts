import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { decodeXml } from "./decode-xml.ts";
import { InputError } from "./input-error.ts";
import { type FailedCase, type JUnitReport, parseJUnit } from "./junit.ts";

/** One failing result, named as the host's test management would name it. */
export interface Failure extends FailedCase {
  /** The report it stands in. */
  readonly runId: string;
  readonly resultId: string;
}

export interface Reports {
  readonly files: number;
  readonly cases: number;
  /** In the order of the reports, and of the cases in them. */
  readonly failures: readonly Failure[];
}

/** Ids of the host may have 255 characters; a case with fifty parameters has more. */
const longestId = 255;

/**
 * Reads reports, and folders of them. In a folder, XML of another kind is passed over.
 *
 * @param testRun tells the results from those of other test runs, which often leave their reports in the same files
 * @throws InputError that names the file and what is wrong with it
 */
export async function readReports(paths: readonly string[], testRun: string): Promise<Reports> {
  const files: string[] = [];
  let cases = 0;
  const failures: Failure[] = [];
  for (const { file, isNamed } of (await Promise.all(paths.map(filesAt))).flat()) {
    const report = await readReport(file);
    if (report === null && isNamed) {
      throw new InputError(`${file} is no JUnit report: its root is neither <testsuites> nor <testsuite>.`);
    }
    if (report === null) continue;
    const runId = shortId(`${testRun} ${relative(process.cwd(), file).split(sep).join("/")}`);
    files.push(file);
    cases += report.cases;
    for (const failed of report.failed) {
      const resultId = shortId(`${runId}#${failed.position}`);
      failures.push({ ...failed, caseId: shortId(failed.caseId), runId, resultId });
    }
  }
  if (files.length === 0) throw new InputError(`No JUnit report in ${paths.join(", ")}.`);
  return { files: files.length, cases, failures };
}

async function filesAt(path: string): Promise<{ readonly file: string; readonly isNamed: boolean }[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ file: path, isNamed: true }];
    const names = (await readdir(path)).filter((name) => name.toLowerCase().endsWith(".xml"));
    const inOrder = names.sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
    return inOrder.map((name) => ({ file: join(path, name), isNamed: false }));
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readReport(file: string): Promise<JUnitReport | null> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    return parseJUnit(decodeXml(bytes));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${file} is no JUnit report. ${error.message}`);
    throw error;
  }
}

function unreadable(path: string, error: unknown): InputError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return new InputError(`There is no file or folder ${path}.`);
  return new InputError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}

/** Long ids keep their beginning and get a hash for the rest, so that they stay the same from run to run. */
function shortId(id: string): string {
  if (id.length <= longestId) return id;
  const hash = createHash("sha256").update(id).digest("base64url").slice(0, 16);
  return `${id.slice(0, longestId - hash.length - 1)}~${hash}`;
}
