import { describe, expect, test } from "vitest";
import { createFlights } from "../src/index.ts";

/** Work that ends when it is told to, or with its caller's signal. */
function work(signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Where another's work is joined nobody listens to this.
  promise.catch(() => {});
  const begun = { count: 0 };
  signal.addEventListener("abort", () => reject(new Error("aborted")));
  const task = () => {
    begun.count += 1;
    return promise;
  };
  return { task, resolve, reject, begun };
}

function caller() {
  const stop = new AbortController();
  return { stop, signal: stop.signal, ...work(stop.signal) };
}

describe("work that several ask for", () => {
  test("is done once for all who ask meanwhile, and anew for whoever asks later", async () => {
    const flights = createFlights<string>();
    const [first, second, third] = [caller(), caller(), caller()];
    const answers = [first, second].map(({ signal, task }) => flights.share("a", signal, task));
    first.resolve("one");
    expect(await Promise.all(answers)).toEqual(["one", "one"]);
    expect(second.begun.count).toBe(0);
    third.resolve("two");
    expect(await flights.share("a", third.signal, third.task)).toBe("two");
  });

  test("is told apart by its key", async () => {
    const flights = createFlights<string>();
    const [first, second] = [caller(), caller()];
    const answers = [flights.share("a", first.signal, first.task), flights.share("b", second.signal, second.task)];
    first.resolve("one");
    second.resolve("two");
    expect(await Promise.all(answers)).toEqual(["one", "two"]);
  });

  test("fails for all, and is no longer in the way then", async () => {
    const flights = createFlights<string>();
    const [first, second, third] = [caller(), caller(), caller()];
    const answers = [first, second].map(({ signal, task }) => flights.share("a", signal, task));
    first.reject(new Error("broken"));
    for (const { status } of await Promise.allSettled(answers)) expect(status).toBe("rejected");
    third.resolve("three");
    expect(await flights.share("a", third.signal, third.task)).toBe("three");
  });

  test("is begun anew by one of the others where whoever began was given up on", async () => {
    const flights = createFlights<string>();
    const [first, second, third] = [caller(), caller(), caller()];
    const answers = [first, second, third].map(({ signal, task }) => flights.share("a", signal, task));
    first.stop.abort();
    second.resolve("two");
    await expect(answers[0]).rejects.toThrow("aborted");
    expect(await Promise.all(answers.slice(1))).toEqual(["two", "two"]);
    expect([first, second, third].map(({ begun }) => begun.count)).toEqual([1, 1, 0]);
  });

  test("keeps nobody who has given up, and goes on for the others", async () => {
    const flights = createFlights<string>();
    const [first, second, late] = [caller(), caller(), caller()];
    const [own, joined] = [first, second].map(({ signal, task }) => flights.share("a", signal, task));
    second.stop.abort();
    await expect(joined).rejects.toMatchObject({ name: "TransportFailure", kind: "not-sent" });
    late.stop.abort();
    const refused = flights.share("b", late.signal, late.task);
    await expect(refused).rejects.toMatchObject({ kind: "not-sent" });
    expect(late.begun.count).toBe(0);
    first.resolve("one");
    expect(await own).toBe("one");
  });
});
