import Fastify, { type FastifyInstance } from "fastify";
import type { Host } from "../host.ts";
import { listening } from "./listening.ts";
import type { Mount } from "./mount.ts";
import { bodyLimitBytes, webRequest } from "./web-request.ts";

/** In a scope of its own the hooks have another parser than the rest: one that parses nothing. */
export function createFastifyApp(host: Host): FastifyInstance {
  const app = Fastify();
  app.register(async (hooks) => {
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: bodyLimitBytes }, (_message, body, done) =>
      done(null, body),
    );
    hooks.post<{ Params: { endpoint: string } }>("/hooks/:endpoint", async (message) => {
      const { endpoint } = message.params;
      return host.webhooks.handle(webRequest(message.raw, message.body), { endpoint });
    });
  });
  app.post("/defects", async (message, reply) => {
    const { status, body } = await host.reportDefect(message.body);
    return reply.status(status).send(body);
  });
  return app;
}

export const fastify: Mount = {
  name: "Fastify",
  async start(host, port = 0) {
    const app = createFastifyApp(host);
    await app.listen({ port, host: "127.0.0.1" });
    const { url } = await listening(app.server);
    return { url, close: () => app.close() };
  },
};
