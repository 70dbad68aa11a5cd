/** How a command that serves ends: on SIGINT and SIGTERM cleanly, on the second one at once. */

/** Waits for a signal or for `failed`, then closes. @returns the exit code. */
export async function serveUntilStopped(
  part: { close(): Promise<void>; readonly failed?: Promise<string> },
  stopping: () => void,
): Promise<number> {
  const signal = new Promise<undefined>((resolve) => {
    let asked = false;
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      process.on(name, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve(undefined);
      });
  });
  const reason = await Promise.race([signal, part.failed ?? new Promise<string>(() => {})]);
  if (reason === undefined) stopping();
  else console.error(`exitgate: ${reason}`);
  await part.close();
  return reason === undefined ? 0 : 1;
}
