/** The demo asked to stop: it closes what it has started, and ends with the code that shells expect of the signal. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** npm hands a Ctrl-C on that the terminal has sent to the whole group already. */
const SAME_KEYSTROKE_MS = 1_000;

export class Stopped extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super('stopped');
    this.exitCode = exitCode;
  }
}

/** `asked` rejects with Stopped; `check` throws it. A second signal ends the process at once. */
export function listenForStop(): { readonly asked: Promise<never>; check(): void } {
  let stopped: Stopped | undefined;
  let at = 0;
  const asked = new Promise<never>((_, reject) => {
    for (const [name, code] of Object.entries(CODES))
      process.on(name, () => {
        if (stopped === undefined) {
          stopped = new Stopped(code);
          at = performance.now();
          reject(stopped);
        } else if (performance.now() - at > SAME_KEYSTROKE_MS) process.exit(code);
      });
  });
  asked.catch(() => undefined);
  return {
    asked,
    check: () => {
      if (stopped !== undefined) throw stopped;
    },
  };
}
