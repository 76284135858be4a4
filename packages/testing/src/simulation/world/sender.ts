import type { Dice } from "../kernel/dice.ts";
import type { EventLoop } from "../kernel/event-loop.ts";
import type { Findings } from "../oracle/findings.ts";
import type { DeliveryFaults } from "../plan/profile.ts";
import type { Switches } from "../plan/switches.ts";
import type { PendingDelivery } from "../tracker/remote-tracker.ts";
import type { Hosted } from "./hosted.ts";

const noAnswerMs = 30_000;

/** Carries a tracker's deliveries to the host, as badly as the profile says. */
export function createSender(options: {
  readonly loop: EventLoop;
  readonly dice: Dice;
  readonly faults: DeliveryFaults;
  readonly switches: Switches;
  readonly isTroubled: () => boolean;
  readonly findings: Findings;
  /** A process that takes requests; null while there is none. */
  readonly receiver: () => Hosted | null;
}): (delivery: PendingDelivery, endpoint: string) => void {
  const { loop, dice, faults, switches, findings } = options;
  const happens = (kind: "dropped" | "doubled" | "forged" | "truncated") => {
    const isHit = dice.chance(faults[kind]);
    const counts = isHit && options.isTroubled() && !switches.without.has(kind);
    if (counts) findings.figures.deliveryFaults += 1;
    return counts;
  };

  const post = async (delivery: PendingDelivery, endpoint: string, attempts: number): Promise<void> => {
    const again = () => {
      if (attempts < 3) loop.after(5_000, () => void post(delivery, endpoint, attempts + 1));
    };
    const receiver = options.receiver();
    if (receiver === null) return again();
    const request = new Request("https://host.example.com/hook", {
      method: "POST",
      headers: { ...delivery.headers },
      body: delivery.body,
    });
    let isAnswered = false;
    loop.after(noAnswerMs, () => (isAnswered ? undefined : again()));
    const response = await receiver.webhooks.handle(request, { endpoint });
    isAnswered = true;
    if (response.status >= 500) again();
  };

  const forge = async (delivery: PendingDelivery, endpoint: string) => {
    const body = delivery.body.replace(/"title":"[^"]*"/, '"title":"FORGED"').concat(" ");
    const receiver = options.receiver();
    if (receiver === null) return;
    const request = new Request("https://host.example.com/hook", {
      method: "POST",
      headers: { ...delivery.headers, ...delivery.forgedHeaders },
      body,
    });
    const response = await receiver.webhooks.handle(request, { endpoint });
    if (response.status < 400) findings.add(`I8 a forged delivery was answered with ${response.status}`);
  };

  return (delivery, endpoint) => {
    if (!faults.isOn) return;
    findings.figures.deliveries += 1;
    const delayMs = () => dice.between(20, faults.delayMs);
    if (happens("forged")) loop.after(delayMs(), () => void forge(delivery, endpoint));
    if (happens("dropped")) return;
    const times = happens("doubled") ? 2 : 1;
    const body = happens("truncated") ? delivery.body.slice(0, delivery.body.length >> 1) : delivery.body;
    for (let time = 0; time < times; time += 1) {
      loop.after(delayMs(), () => void post({ ...delivery, body }, endpoint, 1));
    }
  };
}
