import { expressMount } from "./express.ts";
import { fastify } from "./fastify.ts";
import { hono } from "./hono.ts";
import type { Mount } from "./mount.ts";
import { next } from "./next.ts";

export type { Mount, RunningServer } from "./mount.ts";
export const mounts: readonly Mount[] = [hono, expressMount, fastify, next];
