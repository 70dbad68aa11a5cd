/** An employer and the credit agency, with certificates of one authority, and a filing between them. */
import { readIdentity, readTrust } from '../../src/crypto/certificates.ts';
import { makeFilingOrder, UNIT } from './filing-order.ts';
import { makeCa } from './pki.ts';

export const now = new Date('2026-11-25T01:30:00Z');
export const filing = makeFilingOrder({ kind: 'credit_update' });
export const ca = makeCa();
export const employer = ca.issue(UNIT.name, { serialNumber: UNIT.uscc });
export const agency = ca.issue('credit.agency.mock');
export const trust = readTrust(ca.certificatePem, 'credit.agency.mock');
export const identity = readIdentity(employer.certificatePem, employer.keyPem);
/** The published example of a change. */
export const BODY =
  '{"serial":"EG-0001-1","unit_uscc":"91110105MA001234X4","practitioner":{"id_type":"resident_id",' +
  '"id_number":"11010519491231002X","name":"张某"},"change":"cancel","effective_date":"2026-11-25","reason":"resignation"}';
