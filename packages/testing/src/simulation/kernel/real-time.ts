const refuse = (name: string) => () => {
  throw new Error(`${name} was called inside a simulated run: time comes from the injected clock and scheduler only.`);
};

/** While the task runs, real clocks and timers throw, so that nothing of a run can depend on them. */
export async function withoutRealTime<Result>(task: () => Promise<Result>): Promise<Result> {
  const { setTimeout, setInterval } = globalThis;
  const { now } = Date;
  const forbid = { setTimeout: refuse("setTimeout"), setInterval: refuse("setInterval") };
  Object.assign(globalThis, forbid);
  Date.now = refuse("Date.now");
  try {
    return await task();
  } finally {
    Object.assign(globalThis, { setTimeout, setInterval });
    Date.now = now;
  }
}
