import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { listening } from "./listening.ts";
import type { Mount } from "./mount.ts";
import { POST as reportDefect } from "./next/app/defects/route.ts";
import { POST as takeDelivery } from "./next/app/hooks/[endpoint]/route.ts";
import { keepHost } from "./next/host.ts";

/** In Next's place: finds the route's file by its path, and hands over a web request, as Next does. */
async function route(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method !== "POST") return new Response(null, { status: 405 });
  if (pathname === "/defects") return reportDefect(request);
  const endpoint = /^\/hooks\/([^/]+)$/.exec(pathname)?.[1];
  if (endpoint === undefined) return new Response(null, { status: 404 });
  return takeDelivery(request, { params: Promise.resolve({ endpoint }) });
}

export const next: Mount = {
  name: "Next",
  start(host, port = 0) {
    keepHost(host);
    return listening(serve({ fetch: route, port, hostname: "127.0.0.1" }) as Server);
  },
};
