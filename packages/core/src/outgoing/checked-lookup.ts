import type { LookupFunction } from "node:net";
import { isPrivateAddress } from "./private-addresses.ts";
import { RefusedAddress } from "./refused-address.ts";

/** Finds the addresses of a name. Rejects where there are none. */
export type ResolveName = (
  hostname: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** Asks the operating system. */
export const systemResolve: ResolveName = async (hostname) => {
  const { lookup } = await import("node:dns/promises");
  return await lookup(hostname, { all: true });
};

/**
 * The look-up of a socket that is about to connect. What it returns is what is connected to, nobody asks again, so a name
 * whose address has changed since it was checked, or changes in between, gains nothing by that.
 */
export function checkedLookup(resolve: ResolveName, allowPrivateAddresses: boolean): LookupFunction {
  const allowed = async (hostname: string) => {
    const addresses = await resolve(hostname);
    const usable = allowPrivateAddresses ? addresses : addresses.filter(({ address }) => !isPrivateAddress(address));
    if (usable.length === 0) throw new RefusedAddress(hostname, addresses[0]?.address ?? null);
    return usable;
  };
  return (hostname, options, callback) => {
    allowed(hostname).then(
      (addresses) => {
        const wanted = addresses.filter(({ family }) => !options.family || family === Number(options.family));
        const usable = wanted.length === 0 ? addresses : wanted;
        const [first] = usable;
        if (options.all) callback(null, [...usable]);
        else callback(null, first?.address ?? "", first?.family ?? 4);
      },
      (error: Error) => callback(error, "", 0),
    );
  };
}
