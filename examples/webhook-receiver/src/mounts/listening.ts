import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningServer } from "./mount.ts";

/** Waits until a server listens. */
export async function listening(server: Server): Promise<RunningServer> {
  if (!server.listening) {
    await new Promise<void>((resolve, reject) => void server.once("listening", resolve).once("error", reject));
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
