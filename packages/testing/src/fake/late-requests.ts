/** Requests that are applied after their caller was given up on. */
export class LateRequests {
  readonly #running = new Set<Promise<unknown>>();

  /** Applies it once the delay is over. */
  add(delay: Promise<void>, apply: () => Promise<unknown>): void {
    const applied = delay.then(apply).finally(() => this.#running.delete(applied));
    this.#running.add(applied);
  }

  /** Waits until all are applied. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
