import type { PriorityMapping } from "@backref/core";
import { createLinearProvider } from "@backref/provider-linear";
import { createFakeLinear, type FakeLinear } from "@backref/testing/linear";
import type { Person, Tracker, TrackerChoice } from "../tracker.ts";

const workspace = "acme";
const team = "SHOP";
const closedTypes = ["completed", "canceled", "duplicate"];
const priorities = ["none", "Urgent", "High", "Medium", "Low"];

const priorityMapping: readonly PriorityMapping[] = [
  { remote: "Urgent", local: ["blocker"] },
  { remote: "High", local: ["critical"] },
  { remote: "Medium", local: ["major"] },
  { remote: "Low", local: ["minor", "trivial"], primary: "minor" },
];

/** A fake Linear on a port of this machine. It lives as long as the run. */
export function chooseLinear(): TrackerChoice {
  return { name: "fake-linear", isKept: false, open: openFakeLinear };
}

async function openFakeLinear(): Promise<Tracker> {
  const linear = createFakeLinear({ workspace, teams: [team] });
  const port = await linear.listen();
  return {
    product: "Linear",
    provider: "linear",
    createProvider: () => createLinearProvider(),
    description: `a fake Linear at ${port.url}`,
    connection: { baseUrl: port.url, options: { workspace }, auth: { type: "api-key", apiKey: linear.apiKey } },
    container: team,
    priorityNames: { blocker: "Urgent", critical: "High", major: "Medium", minor: "Low", trivial: "Low" },
    priorityMapping,
    person: createPerson(linear),
    isPrivateAddress: true,
    sendsWebhooks: true,
    limits: { leaseMs: 20_000, requestTimeoutMs: 5_000, createGraceMs: 20_000 },
    patienceMs: 60_000,
    close: () => port.close(),
  };
}

/** Lena in the fake's own pages. */
function createPerson(linear: FakeLinear): Person {
  const lena = linear.as("Lena");
  const named = (issue: number) => `${team}-${issue}`;
  return {
    closeIssue: async (issue) => lena.setState(named(issue), "completed"),
    comment: async (issue, body) => void lena.comment(named(issue), body),
    setPriority: async (issue, _before, after) => lena.editIssue(named(issue), { priority: priorities.indexOf(after) }),
    async look(issue) {
      const found = linear.issue(named(issue));
      if (found === null) throw new Error(`There is no issue ${named(issue)}`);
      const { title, state, priority, comments } = found;
      return {
        title,
        state: closedTypes.includes(state.type) ? "closed" : "open",
        priorities: priority === 0 ? [] : [priorities[priority] ?? "?"],
        comments: comments.map(({ body }) => body),
      };
    },
  };
}
