import type { Host } from "../host.ts";

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The host's two routes in one framework: `POST /hooks/:endpoint` for trackers, `POST /defects` for its own people. */
export interface Mount {
  readonly name: string;
  /** @param port 0 for any free one */
  start(host: Host, port?: number): Promise<RunningServer>;
}
