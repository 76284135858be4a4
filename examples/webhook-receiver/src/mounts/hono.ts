import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Host } from "../host.ts";
import { listening } from "./listening.ts";
import type { Mount } from "./mount.ts";

/** Hono's requests are web requests, and its body is read by whoever asks for it first. */
export function createHonoApp(host: Host): Hono {
  const app = new Hono();
  app.post("/hooks/:endpoint", (context) =>
    host.webhooks.handle(context.req.raw, { endpoint: context.req.param("endpoint") }),
  );
  app.post("/defects", async (context) => {
    const { status, body } = await host.reportDefect(await context.req.json());
    return Response.json(body, { status });
  });
  return app;
}

export const hono: Mount = {
  name: "Hono",
  start: (host, port = 0) =>
    listening(serve({ fetch: createHonoApp(host).fetch, port, hostname: "127.0.0.1" }) as Server),
};
