import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createFakeGitHub } from "@backref/testing/github";
import { describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

async function runProgram(issues: readonly string[] = [], environment: Record<string, string> = {}): Promise<Ended> {
  const { GITHUB_TOKEN: _token, GITHUB_REPOSITORY: _repository, GITHUB_API_URL: _url, ...rest } = process.env;
  const child = spawn(process.execPath, [main, ...issues], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...rest, ...environment },
  });
  let [output, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  return { exitCode, output, errors };
}

describe("the program", () => {
  test("shows issues with status and assignee, before and after they changed", async () => {
    const { exitCode, output, errors } = await runProgram();
    expect(errors).toBe("");
    expect(exitCode).toBe(0);
    const [linked, refreshed] = output.split("Refreshed 2 issues with 1 request; 2 had changed.");
    expect(linked).toMatch(/test-case TC-1.*Defect.*acme\/shop#1.*Total is wrong with a voucher.*Open.*lena/);
    expect(linked).toMatch(/test-run R-1.*Relates to.*acme\/shop#2.*Search is slow.*Open/);
    expect(refreshed).toMatch(/test-case TC-1.*acme\/shop#1.*Closed.*lena/);
    expect(refreshed).toMatch(/test-case TC-2.*acme\/shop#2.*Search is slow on phones.*Open.*lena/);
  });

  test("says what to put right", async () => {
    expect(await runProgram(["what?"])).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining("names no issue"),
    });
    const missing = await runProgram([], { GITHUB_TOKEN: "t" });
    expect(missing).toMatchObject({ exitCode: 2, errors: expect.stringContaining("GITHUB_REPOSITORY") });
  });

  test("reads a GitHub at any address with token and repository, and changes nothing there", async () => {
    const github = createFakeGitHub({ repositories: ["acme/api"] });
    github.as("lena").createIssue("acme/api", { title: "Answers late" });
    const server = await github.listen();
    const { output } = await runProgram(["#1"], {
      GITHUB_TOKEN: github.token,
      GITHUB_REPOSITORY: "acme/api",
      GITHUB_API_URL: server.url,
    });
    await server.close();
    expect(output).toContain("Answers late");
    expect(github.requests.every(({ method, path }) => method === "GET" || path === "/graphql")).toBe(true);
  });
});
