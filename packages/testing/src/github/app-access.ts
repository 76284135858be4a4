import { Buffer } from "node:buffer";
import { verify } from "node:crypto";
import type { AppRecord, InstallationRecord } from "./app-model.ts";
import { ApiFailure, unauthorized } from "./failure.ts";
import type { FineGrainedPermissions, RepositoryAccess, RepositoryRecord, TokenRecord } from "./model.ts";
import type { World } from "./world.ts";

/** A JSON web token lives no longer than this. */
const longestLifeSeconds = 600;

const undecodable = (): ApiFailure => unauthorized("A JSON web token could not be decoded");

/** The app whose private key signed the request; throws GitHub's refusal for anything else. */
export function requireApp(world: World, headers: Headers): AppRecord {
  const token = /^bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
  const [header = "", payload = "", signature = "", ...more] = token.split(".");
  const { alg } = readPart<{ alg?: unknown }>(header);
  if (alg !== "RS256" || more.length > 0) throw undecodable();
  const { iss, iat, exp } = readPart<{ iss?: unknown; iat?: unknown; exp?: unknown }>(payload);
  const app = [...world.apps.apps.values()].find(({ id, clientId }) => String(iss) === String(id) || iss === clientId);
  if (app === undefined) throw new ApiFailure(404, "Integration not found");
  const signed = Buffer.from(`${header}.${payload}`);
  const isSigned = app.publicKeys.some((key) => verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url")));
  if (!isSigned) throw undecodable();
  const now = Math.floor(world.now() / 1000);
  if (typeof exp !== "number" || exp <= now) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + longestLifeSeconds) throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== "number" || iat > now) {
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  return app;
}

function readPart<Part extends object>(part: string): Part {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Part;
  } catch {
    // Not what a JSON web token looks like.
  }
  throw undecodable();
}

/** Whether an installation covers a repository. */
export function covers(installation: InstallationRecord, repository: RepositoryRecord): boolean {
  const { repositories, account } = installation;
  if (repository.owner.toLowerCase() !== account.login.toLowerCase()) return false;
  return repositories === null || repositories.includes(repository.id);
}

/** An installation's token as of now: what it may do follows the installation. `undefined` once it is not valid any more. */
export function installationToken(world: World, token: TokenRecord): TokenRecord | undefined {
  const { installationId, expiresAt } = token;
  if (installationId === undefined) return token;
  const installation = world.apps.installations.get(installationId);
  if (installation === undefined || (expiresAt ?? 0) <= world.now()) return undefined;
  const role = roleOf(installation.permissions);
  const covered = world.repositories().filter((repository) => covers(installation, repository));
  const repositories = new Map(covered.map(({ owner, name }) => [`${owner}/${name}`.toLowerCase(), role] as const));
  return { ...token, permissions: installation.permissions, repositories };
}

/** Permissions decide for apps. The fake asks for roles too, and these are the least that those permissions amount to. */
function roleOf(permissions: FineGrainedPermissions): RepositoryAccess {
  if (permissions.repository_hooks === "write") return "admin";
  return permissions.issues === "write" ? "write" : "read";
}

/** Throws the 403 of a token whose installation is suspended. */
export function refuseSuspended(world: World, token: TokenRecord | null): void {
  const installation =
    token?.installationId === undefined ? undefined : world.apps.installations.get(token.installationId);
  if (installation?.suspendedAt != null) throw new ApiFailure(403, "This installation has been suspended");
}
