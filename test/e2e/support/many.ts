/** What must hold of many exits of one tenant, however they got there. */
import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import type { Tenant } from '../../support/gateway.ts';

/** How many of the tenant's exits are completed. */
export async function completedExits(tenant: Tenant): Promise<number> {
  let cursor: string | undefined;
  let completed = 0;
  do {
    const after: string = cursor === undefined ? '' : `&cursor=${cursor}`;
    const { status, body } = await tenant.call('GET', `/v1/exits?status=completed&limit=100${after}`);
    assert.equal(status, 200, JSON.stringify(body));
    completed += body.data.length;
    cursor = body.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return completed;
}

/** Longer than any repair takes: lease, sweep and stalled check together are a few seconds. */
const STANDSTILL_MS = 60_000;

/**
 * Waits until all are completed. Gives up when none has been for a minute, and not after a time for all of them: that
 * would measure the machine, and what must not happen is a standstill.
 */
export async function allCompleted(tenant: Tenant, exits: number, meanwhile = () => {}): Promise<void> {
  for (let completed = 0; completed < exits; )
    completed = await eventually(
      async () => {
        meanwhile();
        const now = await completedExits(tenant);
        return now > completed && now;
      },
      { what: `completion of more than ${completed} of ${exits}`, within: STANDSTILL_MS, every: 250 },
    );
}

/** Every agency holds one case for each filing, each under its own serial; the general profile has three filings. */
export function assertFiledOnce({ agencies }: Tenant, exits: number): void {
  for (const [agency, perExit] of [
    ['labor', 1],
    ['insurance', 2],
  ] as const) {
    const serials = agencies.cases(agency).map(({ serial }) => serial);
    assert.equal(serials.length, exits * perExit, `${agency} has ${serials.length} cases`);
    assert.equal(new Set(serials).size, serials.length, `${agency} has a serial twice`);
  }
}

/** Every exit's webhooks arrived in order, from the first to `exit.completed`, without a gap, and every signature verified. */
export async function assertLanes({ core }: Tenant, exits: readonly string[]): Promise<void> {
  for (const id of exits)
    await eventually(() => core.taken(id).at(-1)?.type === 'exit.completed', {
      what: `the last webhook of ${id}`,
      within: 60_000,
      every: 50,
    });
  for (const id of exits) {
    const sequences = core.taken(id).map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      sequences.map((_, index) => index + 1),
      `the lane of ${id}`,
    );
    assert.equal(core.taken(id)[0]?.type, 'exit.opened');
  }
  assert.equal(core.refused(), 0);
}
