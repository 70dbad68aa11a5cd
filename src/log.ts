/** The log: JSON lines on stderr, so that stdout stays the commands' own. Never personal data: nothing here redacts, nothing there may tell. */
import pino, { type Logger } from 'pino';

export function createLog(level: string): Logger {
  return pino(
    { level, base: { name: 'exitgate' }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: false }),
  );
}
