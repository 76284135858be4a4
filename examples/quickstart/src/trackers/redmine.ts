import type { PriorityMapping } from "@backref/core";
import { createRedmineProvider } from "@backref/provider-redmine";
import { InputError } from "../input-error.ts";
import type { Environment, Tracker, TrackerChoice } from "../tracker.ts";
import { createRedminePerson } from "./redmine-person.ts";

const project = "shop";

/** As Redmine's default data has them. Which stands for which, an admin says. */
const priorityNames = {
  blocker: "Immediate",
  critical: "Urgent",
  major: "High",
  minor: "Normal",
  trivial: "Low",
} as const;
const priorityMapping: readonly PriorityMapping[] = Object.entries(priorityNames).map(([local, remote]) => {
  return { remote, local: [local] };
});

/** A Redmine of one's own where address and key are given, else one that is started out of Debian's packages for the run. */
export function chooseRedmine(environment: Environment): TrackerChoice {
  const { REDMINE_URL: url = "", REDMINE_API_KEY: apiKey = "", REDMINE_PROJECT: container = "" } = environment;
  if (url === "") return { name: "own-redmine", isKept: false, open: openOwn };
  if (apiKey === "" || container === "") {
    throw new InputError(
      "REDMINE_URL is set. Set REDMINE_API_KEY and REDMINE_PROJECT (the project's identifier) as well, or unset all three.",
    );
  }
  const { host, pathname } = readUrl(url);
  const name = `${host}${pathname}~${container}`.toLowerCase().replace(/[^\w.~-]+/g, "_");
  return { name, isKept: true, open: async () => connect({ url, apiKey, container }) };
}

function readUrl(url: string): URL {
  if (URL.canParse(url)) return new URL(url);
  throw new InputError(
    "REDMINE_URL is no address. Give it as in the browser, for example https://redmine.example.com.",
  );
}

async function openOwn(): Promise<Tracker> {
  const { act, missingRedmine, startRedmine } = await import("backref-redmine-server");
  if (missingRedmine() !== null) {
    throw new InputError(
      "No Redmine is installed here. On Debian, `apt-get install redmine redmine-sqlite puma` puts one here, which needs no further set-up. Or set REDMINE_URL, REDMINE_API_KEY and REDMINE_PROJECT to use one of your own.",
    );
  }
  const { access, stop } = await startRedmine();
  try {
    await act(access, [{ action: "add_project", identifier: project, name: "Shop" }]);
    const opened = connect({ url: `${access.url}/redmine`, apiKey: access.apiKey, container: project });
    const person = createRedminePerson({ baseUrl: `${access.url}/redmine`, apiKey: access.adminKey });
    return { ...opened, person, description: `Redmine at ${access.url}/redmine`, close: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function connect({
  url,
  apiKey,
  container,
}: {
  readonly url: string;
  readonly apiKey: string;
  readonly container: string;
}): Tracker {
  const baseUrl = url.replace(/\/+$/, "");
  return {
    product: "Redmine",
    provider: "redmine",
    createProvider: () => createRedmineProvider(),
    description: `Redmine at ${baseUrl.replace(/\/\/[^/@]*@/, "//")}`,
    connection: { baseUrl, options: { priorities: "name" }, auth: { type: "api-key", apiKey } },
    container,
    priorityNames,
    priorityMapping,
    person: createRedminePerson({ baseUrl, apiKey }),
    isPrivateAddress: true,
    sendsWebhooks: false,
    limits: { pollIntervalMs: 2_000 },
    patienceMs: 120_000,
    close: async () => {},
  };
}
