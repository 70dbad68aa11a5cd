/**
 * One difference at two connections: of a renewed certificate, both lead to the same agency, and each is reconciled. What
 * one of them has open or a person has dismissed there, the other does not open again.
 */
import type { Keyring } from '../crypto/keyring.ts';
import type { Finding } from '../domain/findings.ts';
import { hex, rows } from './database.ts';
import type { Transaction } from './finding-rows.ts';

interface Twin {
  kind: string;
  filing_kind: string;
  filing_id: string | null;
  receipt: string | null;
  number_index: Uint8Array;
}

const keyOf = (...parts: readonly (string | null | undefined)[]) => parts.map((part) => part ?? '').join(' ');

/** The connection's row, and those beside it that speak with the same adapter for the same employer: locked in one order. */
export const lockSiblings = (transaction: Transaction, connectionId: string) =>
  rows<{ id: string; deleted_at: Date | null }>(
    transaction,
    // NO KEY: filings that are planned meanwhile refer to the connection, and are not kept waiting.
    `SELECT s.id, s.deleted_at FROM connections c JOIN connections s ON s.org_id = c.org_id AND s.sandbox = c.sandbox AND s.adapter = c.adapter
       AND (s.employer_uscc = c.employer_uscc OR s.employer_uscc = '' OR c.employer_uscc = '')
     WHERE c.id = $1 ORDER BY s.id FOR NO KEY UPDATE OF s`,
    connectionId,
  );

/** @param siblings ids of the other connections. @returns whether one of them has a difference already. */
export async function twinsAt(
  transaction: Transaction,
  keyring: Keyring,
  orgId: string,
  siblings: readonly string[],
): Promise<(finding: Finding) => boolean> {
  if (siblings.length === 0) return () => false;
  const found = await rows<Twin>(
    transaction,
    `SELECT kind, filing_kind, filing_id, receipt, number_index FROM findings
     WHERE connection_id IN (SELECT jsonb_array_elements_text($1::jsonb)) AND state IN ('open', 'dismissed')`,
    JSON.stringify(siblings),
  );
  const twins = new Set(
    found.map((each) =>
      keyOf(each.kind, each.filing_kind, each.filing_id, each.receipt, hex(each.number_index)),
    ),
  );
  return ({ kind, filingKind, filingId, receipt, person }) =>
    twins.has(
      keyOf(kind, filingKind, filingId, receipt, hex(keyring.blindIndex(orgId, 'finding', person.id_number))),
    );
}
