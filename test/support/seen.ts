/** Which tests have run in this process: what a test leaves behind is kept when it has failed. */
const seen: { readonly state?: string | undefined }[] = [];

export const sawTest = (test: { readonly state?: string | undefined }): void => void seen.push(test);

/** @returns a question: has any test failed that was running when this was called, or that began later? */
export function watchForFailure(): () => boolean {
  const running = seen.at(-1)?.state === undefined ? 1 : 0;
  const from = Math.max(0, seen.length - running);
  return () => seen.slice(from).some((test) => test.state === 'failed');
}
