import { createHmac } from "node:crypto";

export interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a delivery as it is; answers with the status. */
export async function post({ url, headers, body }: Delivery): Promise<number> {
  const response = await fetch(url, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}

/** A delivery by somebody who does not know the secret. */
export function forged(delivery: Delivery): Delivery {
  return signed({ ...delivery, headers: { ...delivery.headers, "x-github-delivery": "forged" } }, "a guess");
}

/** The same news in other bytes: with spaces and line ends, as no JSON library would write them again. */
export function reformatted(delivery: Delivery, secret: string): Delivery {
  const body = `\n${JSON.stringify(JSON.parse(delivery.body), null, 3)}\r\n`;
  return signed({ ...delivery, body, headers: { ...delivery.headers, "x-github-delivery": "reformatted" } }, secret);
}

export function signed(delivery: Delivery, secret: string): Delivery {
  const signature = `sha256=${createHmac("sha256", secret).update(delivery.body).digest("hex")}`;
  return { ...delivery, headers: { ...delivery.headers, "x-hub-signature-256": signature } };
}
