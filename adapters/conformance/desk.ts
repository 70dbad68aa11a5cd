/** The mock agencies over their control API: a sandbox of our own, wherever they run. */
import type { Sandbox } from './stand.ts';

export interface RemoteSandbox extends Sandbox {
  /** Empty again, at the time of its birth, which stands still. */
  reset(): Promise<void>;
  /** Takes the sandbox away. */
  close(): Promise<void>;
}

type Json = Readonly<Record<string, unknown>>;

/** @param desk address of the desk: `http://127.0.0.1:4100` */
export async function openSandbox(desk: string): Promise<RemoteSandbox> {
  const root = desk.replace(/\/+$/, '');
  const born = await ask(root, undefined, 'POST', '/sandboxes', { frozen: true });
  const urls = born.urls as Readonly<Record<string, string>>;
  const token = typeof born.admin_token === 'string' ? born.admin_token : undefined;
  const at = urls.desk ?? `${root}/s/${born.name}`;
  let now = new Date(String(born.now));
  const control = (method: string, path: string, body?: object) => ask(at, token, method, path, body);
  return {
    now: () => now,
    async stand(agency, unit) {
      const url = urls[agency];
      if (url === undefined)
        throw new Error(
          `the desk at ${root} has no agency ${agency}, only ${Object.keys(urls).slice(1).join(', ')}`,
        );
      const identity = await control('POST', '/identities', { uscc: unit.uscc, name: unit.name });
      const oauth = identity.oauth as Json;
      return {
        url,
        unit,
        certificate: String(identity.certificate),
        key: String(identity.key),
        ca: String(identity.ca),
        client: { id: String(oauth.client_id), secret: String(oauth.client_secret) },
        desk: control,
      };
    },
    async advance(by) {
      now = new Date(String((await control('POST', '/clock/advance', { by })).now));
    },
    async fault(fault, work) {
      const { id } = await control('POST', '/faults', fault);
      try {
        return await work();
      } finally {
        // 404: it has struck, and is gone.
        await control('DELETE', `/faults/${id}`).catch((error: unknown) => {
          if (!(error instanceof DeskError && error.status === 404)) throw error;
        });
      }
    },
    async cases(agency) {
      const found: unknown = await control('GET', `/cases?agency=${encodeURIComponent(agency)}`);
      return found as readonly { readonly receipt: string }[];
    },
    async reset() {
      await control('POST', '/reset');
      now = new Date(String((await control('POST', '/clock/freeze')).now));
    },
    close: async () => void (await ask(root, token, 'DELETE', `/sandboxes/${born.name}`)),
  };
}

/** The desk's own trouble, or ours with it: nothing of the adapter's doing. */
export class DeskError extends Error {
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

async function ask(
  root: string,
  token: string | undefined,
  method: string,
  path: string,
  body?: object,
): Promise<Json> {
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  let answer: Response;
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    answer = await fetch(`${root}${path}`, { method, headers, ...content });
  } catch (cause) {
    throw new DeskError(0, `no desk of mock agencies answers at ${root}: start them with exitgate mocks`, {
      cause,
    });
  }
  const said: unknown = await answer.json().catch(() => undefined);
  if (typeof said !== 'object' || said === null)
    throw new DeskError(
      answer.status,
      `${root}${path} does not answer as a desk of mock agencies (HTTP ${answer.status})`,
    );
  if (!answer.ok) {
    const { code = answer.status, detail = '' } = said as Json;
    throw new DeskError(answer.status, `the desk refuses ${method} ${path}: ${code} ${detail}`);
  }
  return said as Json;
}
