// Who wants to know that something of a sandbox has changed. It is told that, not what: whoever hears it looks.

export interface Changes {
  tell(): void;
  /** `over` is called once, when the sandbox is closed. @returns stops listening */
  listen(changed: () => void, over: () => void): () => void;
  readonly listeners: number;
  close(): void;
}

export function createChanges(): Changes {
  const heard = new Map<object, { readonly changed: () => void; readonly over: () => void }>();
  return {
    tell() {
      for (const { changed } of heard.values()) changed();
    },
    listen(changed, over) {
      const key = {};
      heard.set(key, { changed, over });
      return () => void heard.delete(key);
    },
    get listeners() {
      return heard.size;
    },
    close() {
      for (const { over } of [...heard.values()]) over();
      heard.clear();
    },
  };
}
