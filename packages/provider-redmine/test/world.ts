import { type Clock, createBackref, generateSecretKey, type Limits } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom } from "@backref/testing";
import { settle as settleWorld } from "../../../tests/support/settle.ts";
import { createRedmineProvider } from "../src/index.ts";
import { freshProject, openRedmine } from "./redmine.ts";

/** Time that goes on by itself, since Redmine takes its own, and can be moved ahead at once. */
function createShiftedTime() {
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const clock: Clock = { now, monotonic: () => performance.now() + aheadMs };
  const advance = (durationMs: number) => {
    aheadMs += durationMs;
  };
  return { clock, now, advance };
}

/** A host with memory storage and the real provider, on the run's Redmine. Priorities go by their names. */
export async function createWorld(options: { readonly limits?: Partial<Limits>; readonly source?: object } = {}) {
  const time = createShiftedTime();
  const redmine = openRedmine(time.now);
  const [project, other, account] = [freshProject(), freshProject("api"), freshProject("ann")];
  const [apiKey] = await redmine.act(
    { action: "add_account", login: account },
    { action: "add_project", identifier: project, account },
    { action: "add_project", identifier: other, account },
  );
  const requests: string[] = [];
  const lost: RegExp[] = [];
  const errors: string[] = [];
  const baseUrl = `${redmine.access.url}/redmine`;
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createRedmineProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    clock: time.clock,
    random: createSeededRandom(2),
    allowPrivateAddresses: true,
    async fetch(input, init) {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const request = `${init?.method ?? "GET"} ${pathname.replace("/redmine", "").replace(/\d+/g, "{id}")}`;
      requests.push(request);
      const response = await redmine.fetch(input, init);
      const index = lost.findIndex((pattern) => pattern.test(request));
      if (index < 0) return response;
      lost.splice(index, 1);
      throw new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
    },
    ...(options.limits !== undefined && { limits: options.limits }),
    logger: {
      log: (level, message, data) => void (level === "error" && errors.push(`${message} ${JSON.stringify(data)}`)),
    },
  });
  const app = backref.as({ tenantId: "acme", userId: "u1", displayName: "Ann", role: "owner" });
  const source = await app.sources.create({
    name: "Our Redmine",
    provider: "redmine",
    baseUrl,
    auth: { type: "api-key", apiKey: String(apiKey) },
    options: { priorities: "name", ...options.source },
    mapping: {
      priority: [
        { remote: "Immediate", local: ["blocker"] },
        { remote: "Urgent", local: ["critical"] },
        { remote: "High", local: ["major"] },
        { remote: "Normal", local: ["minor"] },
        { remote: "Low", local: ["trivial"] },
      ],
    },
    targets: [{ projectId: "web", container: project }],
  });
  const settle = () => settleWorld(backref, time, { maxMs: 60_000 });
  /** Long enough for a poll to be due. */
  const poll = async () => {
    time.advance(61_000);
    await settle();
  };
  const act = async (action: string, members: object = {}) => (await redmine.act({ action, ...members }))[0];
  /** An issue as Redmine has it. */
  const look = async (item: string | undefined) =>
    (await act("read_issue", { item: Number(item?.replace("#", "")) })) as Readonly<Record<string, unknown>>;
  const requestsSince = (mark: number) => requests.slice(mark);
  /** The answer to the next such request is lost. */
  const lose = (pattern: RegExp) => void lost.push(pattern);
  return {
    time,
    redmine,
    project,
    other,
    baseUrl,
    backref,
    app,
    source,
    errors,
    requests,
    requestsSince,
    lose,
    settle,
    poll,
    act,
    look,
  };
}
