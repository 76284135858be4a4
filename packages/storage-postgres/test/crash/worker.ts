/** A worker of the host as a process of its own, until it is killed. */

import type { Storage } from "@backref/core/storage";
import { Pool } from "pg";
import { createPostgresStorage } from "../../src/index.ts";
import { createHost, type Death, type HostSettings } from "./host.ts";

const settings = JSON.parse(process.env["BACKREF_WORKER"] ?? "{}") as HostSettings;

function createDoom(death: Death | null) {
  let count = 0;
  return async <Result>(call: Death["call"], task: () => Promise<Result>): Promise<Result> => {
    if (death?.call !== call) return task();
    count += 1;
    const isFatal = count === death.number;
    if (isFatal && death.when === "before") process.kill(process.pid, "SIGKILL");
    const result = await task();
    if (isFatal) process.kill(process.pid, "SIGKILL");
    return result;
  };
}

const passes = createDoom(settings.death);

function doomed(storage: Storage): Storage {
  return {
    ...storage,
    find: (scope, query) => passes("find", () => storage.find(scope, query)),
    commit: (scope, units) => passes("commit", () => storage.commit(scope, units)),
    system: { ...storage.system, claim: (request) => passes("claim", () => storage.system.claim(request)) },
  };
}

const pool = new Pool({ connectionString: settings.databaseUrl, max: 4, application_name: "backref-worker" });
pool.on("error", () => {});
const storage = createPostgresStorage({ pool, schema: settings.schema });
const backref = createHost(doomed(storage), (input, init) => passes("fetch", () => fetch(input, init)));
backref.sync.start();
process.send?.("ready");
