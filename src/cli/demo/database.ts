/** A database of the demo's own on a server that was given: no table, job or key there is anybody else's. */
import { randomBytes } from 'node:crypto';
import { connectTo } from '../../store/migrate.ts';

/** SQLSTATE insufficient_privilege */
const NOT_PERMITTED = '42501';

/** @throws Error with a sentence when the server does not answer, or the user may not create a database. */
export async function createDemoDatabase(
  given: string,
): Promise<{ readonly name: string; readonly url: string }> {
  const name = `exitgate_demo_${randomBytes(4).toString('hex')}`;
  const client = await connectTo(given, 'exitgate demo');
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } catch (error) {
    if ((error as { code?: string }).code !== NOT_PERMITTED) throw error;
    throw new Error(
      'the demo makes a database of its own, which the user of DATABASE_URL may not: give one with CREATEDB, or leave DATABASE_URL out',
      { cause: error },
    );
  } finally {
    await client.end();
  }
  const url = new URL(given);
  url.pathname = `/${name}`;
  return { name, url: url.href };
}
