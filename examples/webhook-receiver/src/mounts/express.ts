import { createServer } from "node:http";
import express, { type Express } from "express";
import type { Host } from "../host.ts";
import { listening } from "./listening.ts";
import type { Mount } from "./mount.ts";
import { bodyLimitBytes, webRequest } from "./web-request.ts";

/** The route of the hooks stands before `express.json()`, which would leave nothing of the bytes that were signed. */
export function createExpressApp(host: Host): Express {
  const app = express();
  const raw = express.raw({ type: () => true, limit: bodyLimitBytes, inflate: false });
  app.post("/hooks/:endpoint", raw, async (message, reply) => {
    const { endpoint } = message.params;
    const response = await host.webhooks.handle(webRequest(message, message.body), { endpoint });
    reply
      .status(response.status)
      .set(Object.fromEntries(response.headers))
      .send(await response.text());
  });
  app.use(express.json());
  app.post("/defects", async (message, reply) => {
    const { status, body } = await host.reportDefect(message.body);
    reply.status(status).json(body);
  });
  return app;
}

export const expressMount: Mount = {
  name: "Express",
  start: (host, port = 0) => listening(createServer(createExpressApp(host)).listen(port, "127.0.0.1")),
};
