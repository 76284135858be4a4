import { z } from "zod";
import { type Actor, isSystemActor } from "../domain/actor.ts";
import type { Random } from "../ports/random.ts";
import type { KeyRing } from "./key-ring.ts";
import { openText, sealText } from "./secret-box.ts";

/** A sign-in that was begun, as it travels to the tracker and back in `state`. Nothing of it is stored. */
export interface BegunSignIn {
  readonly sourceId: string;
  /** Of the source when it began; a sign-in that ended raises it, so none ends twice. */
  readonly credentialVersion: number;
  /** The code goes nowhere else. */
  readonly baseUrl: string;
  readonly redirectUrl: string;
  readonly codeVerifier: string;
  /** By the host's clock, milliseconds since 1970 UTC. */
  readonly expiresAt: number;
}

const shape = z.tuple([z.string(), z.number(), z.string(), z.string(), z.string(), z.number()]);

// Whoever begins it ends it: nobody can be made to finish somebody else's sign-in, in another tenant least of all.
const placeOf = (actor: Actor) => ["backref-sign-in-1", actor.tenantId, isSystemActor(actor) ? null : actor.userId];

/** Opaque text of letters, digits, `.`, `_` and `-`: sealed, so that neither the tracker nor the browser can read or make it. */
export function sealSignIn(keyRing: KeyRing, random: Random, actor: Actor, begun: BegunSignIn): string {
  const { sourceId, credentialVersion, baseUrl, redirectUrl, codeVerifier, expiresAt } = begun;
  const text = JSON.stringify([sourceId, credentialVersion, baseUrl, redirectUrl, codeVerifier, expiresAt]);
  const { keyId, envelope } = sealText(keyRing, random, placeOf(actor), text);
  return `${keyId}.${Buffer.from(envelope, "base64").toString("base64url")}`;
}

/** Null for what this actor did not begin here, whoever made it. */
export function openSignIn(keyRing: KeyRing, actor: Actor, state: string): BegunSignIn | null {
  const dot = state.lastIndexOf(".");
  const sealed = { keyId: state.slice(0, Math.max(dot, 0)), envelope: state.slice(dot + 1) };
  const opened = openText(keyRing, placeOf(actor), sealed);
  const parsed = opened.ok ? shape.safeParse(JSON.parse(opened.text)) : null;
  if (parsed?.success !== true) return null;
  const [sourceId, credentialVersion, baseUrl, redirectUrl, codeVerifier, expiresAt] = parsed.data;
  return { sourceId, credentialVersion, baseUrl, redirectUrl, codeVerifier, expiresAt };
}
