import type { Dice } from "../kernel/dice.ts";
import type { EventLoop } from "../kernel/event-loop.ts";
import type { Hosted } from "./hosted.ts";

/** Processes that keep going: each works until nothing is due, sleeps, and is followed by another when it dies. */
export interface Workers {
  /** Something may be due: those asleep look soon, as a worker that polls the storage each second would. */
  wake(): void;
  stop(): void;
}

const longestNapMs = 60_000;
const passMs = 5_000;

export function startWorkers(options: {
  readonly loop: EventLoop;
  readonly dice: Dice;
  readonly count: number;
  readonly spawn: (name: string, onDeath: () => void) => Hosted;
  readonly onError: (error: unknown) => void;
}): Workers {
  const { loop, dice } = options;
  const sleepers = new Set<() => void>();
  let isStopped = false;
  let born = 0;

  const nap = (hosted: Hosted, durationMs: number) =>
    new Promise<void>((resolve) => {
      const wakeUp = () => {
        sleepers.delete(wakeUp);
        timer.cancel();
        if (hosted.process.isAlive) resolve();
      };
      const timer = loop.after(Math.min(durationMs, longestNapMs), wakeUp);
      sleepers.add(wakeUp);
    });

  const work = async (hosted: Hosted) => {
    while (hosted.process.isAlive && !isStopped) {
      try {
        const { nextDueAt, more } = await hosted.sync.run({ maxMs: passMs });
        const leftMs = nextDueAt === null ? longestNapMs : nextDueAt - hosted.process.clock.now();
        await nap(hosted, more ? 0 : Math.max(1, leftMs + dice.between(0, 500)));
      } catch (error) {
        options.onError(error);
        await nap(hosted, 1_000);
      }
    }
  };
  const start = () => {
    if (isStopped) return;
    born += 1;
    void work(options.spawn(`worker-${born}`, () => void loop.after(dice.between(1_000, 20_000), start)));
  };
  for (let count = 0; count < options.count; count += 1) start();

  let isRinging = false;
  return {
    wake() {
      if (isRinging) return;
      isRinging = true;
      loop.after(dice.between(0, 1_000), () => {
        isRinging = false;
        for (const wakeUp of [...sleepers]) wakeUp();
      });
    },
    stop() {
      isStopped = true;
    },
  };
}
