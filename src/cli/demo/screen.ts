/** What the demo prints: lines with the elapsed time, and a table that aligns although Chinese characters are two columns wide. */
const width = (text: string) =>
  [...text].reduce((sum, character) => sum + (/[⺀-鿿＀-｠、-〿]/.test(character) ? 2 : 1), 0);
const pad = (text: string, columns: number) => text + ' '.repeat(Math.max(0, columns - width(text)));

export interface Screen {
  /** A step that the story takes. */
  step(text: string): void;
  /** What happens of itself. */
  note(text: string): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  seconds(): number;
}

export function createScreen(write: (line: string) => void): Screen {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const stamp = () => `${seconds().toFixed(1).padStart(5)} s`;
  return {
    seconds,
    step: (text) => write(`${stamp()}  ${text}`),
    note: (text) => write(`${stamp()}      ${text}`),
    table(head, rows) {
      const columns = head.map((_, index) =>
        Math.max(...[head, ...rows].map((row) => width(row[index] ?? ''))),
      );
      const line = (row: readonly string[]) =>
        `  ${columns.map((size, index) => pad(row[index] ?? '', size)).join('  ')}`.trimEnd();
      write(line(head));
      write(`  ${columns.map((size) => '─'.repeat(size)).join('  ')}`);
      for (const row of rows) write(line(row));
    },
  };
}
