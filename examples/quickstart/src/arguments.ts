import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { InputError } from "./input-error.ts";

const exampleReports = fileURLToPath(new URL("../reports", import.meta.url));

export const help = `pnpm demo [report.xml or folder …] [--provider NAME] [--data DIR] [--reset]

  --provider NAME  github (the default), or gitlab, jira, linear or azure-devops, fake ones on a port of this
                   machine, or redmine, a real one
  --data DIR   where everything is kept between runs; default: .backref in the working directory
  --reset      forget what earlier runs kept, and start over; issues at the real GitHub stay there
  --help       this text

GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) select the real GitHub; each repository keeps its data apart.
REDMINE_URL, REDMINE_API_KEY and REDMINE_PROJECT select a Redmine of your own.
BACKREF_KEY gives the key that credentials are stored under; without it one is made and kept beside the data.
More in examples/quickstart/README.md.`;

export interface Arguments {
  readonly reportPaths: readonly string[];
  readonly dataFolder: string;
  readonly isReset: boolean;
  readonly isHelp: boolean;
  /** @default "github" */
  readonly provider: string;
}

/** @throws InputError for an option that there is not */
export function readArguments(given: readonly string[]): Arguments {
  const { values, positionals } = parse(given.filter((argument) => argument !== "--"));
  return {
    reportPaths: positionals.length > 0 ? positionals : [exampleReports],
    dataFolder: values.data || ".backref",
    isReset: values.reset,
    isHelp: values.help,
    provider: values.provider,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: "string" },
        provider: { type: "string", default: "github" },
        reset: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new InputError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}
