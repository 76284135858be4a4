import { createHash } from "node:crypto";
import type { Dispatcher } from "undici";
import { checkedLookup, type ResolveName } from "./checked-lookup.ts";
import { isPrivateHost } from "./private-addresses.ts";
import { RefusedAddress } from "./refused-address.ts";
import { trustedAuthorities } from "./trusted-authorities.ts";

export interface DispatcherRules {
  readonly allowPrivateAddresses: boolean;
  readonly resolve: ResolveName;
  readonly connectTimeoutMs: number;
}

export interface ConnectionKind {
  /** Null for the usual authorities only. */
  readonly caCertificate: string | null;
  /** Address of the proxy; null for none. */
  readonly proxy: string | null;
}

export interface Dispatchers {
  /** Connections of one kind share a pool, those of different kinds never do. */
  of(kind: ConnectionKind): Promise<Dispatcher>;
  close(): Promise<void>;
}

/** Pools kept at a time; the one unused for longest goes first. */
const maxPools = 100;

export function createDispatchers(rules: DispatcherRules): Dispatchers {
  const pools = new Map<string, Promise<Dispatcher>>();
  const closing = new Set<Promise<void>>();

  const retire = (pool: Promise<Dispatcher>) => {
    const closed = pool
      .then((dispatcher) => dispatcher.close())
      .catch(() => {})
      .finally(() => closing.delete(closed));
    closing.add(closed);
  };

  return {
    of(kind) {
      const key = createHash("sha256")
        .update(JSON.stringify([kind.caCertificate, kind.proxy]))
        .digest("hex");
      const known = pools.get(key);
      const pool = known ?? openPool(rules, kind);
      pools.delete(key);
      pools.set(key, pool);
      if (known === undefined) pool.catch(() => pools.delete(key));
      const [oldest] = pools;
      if (pools.size > maxPools && oldest !== undefined) {
        pools.delete(oldest[0]);
        retire(oldest[1]);
      }
      return pool;
    },
    async close() {
      for (const pool of pools.values()) retire(pool);
      pools.clear();
      await Promise.all(closing);
    },
  };
}

async function openPool(rules: DispatcherRules, { caCertificate, proxy }: ConnectionKind): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import("undici");
  const timeout = rules.connectTimeoutMs;
  const trust = caCertificate === null ? {} : { secureContext: await trustedAuthorities(caCertificate) };
  const pool =
    proxy === null
      ? new Agent({
          connect: { ...trust, timeout, lookup: checkedLookup(rules.resolve, rules.allowPrivateAddresses) },
        })
      : new ProxyAgent({ uri: proxy, requestTls: { ...trust, timeout }, proxyTls: { timeout } });
  return rules.allowPrivateAddresses ? pool : pool.compose(refusePrivateHosts);
}

/** Addresses in the URL itself are never looked up. Every request passes here, one that follows a redirect too. */
const refusePrivateHosts: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { hostname } = new URL(String(options.origin));
  if (isPrivateHost(hostname)) throw new RefusedAddress(hostname, null);
  return dispatch(options, handler);
};
