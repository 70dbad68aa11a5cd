/** What each entry of the catalogue of problems says. */
export interface Entry {
  readonly status: number;
  /** Title and detail. */
  readonly en: readonly [string, string];
  readonly zh: readonly [string, string];
  /** Somebody of ours should look: logged as an error. */
  readonly wakesSomebody?: boolean;
}
