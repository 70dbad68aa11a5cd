// The labour filing agency: SOAP 1.1 with a signed Body, and a review that takes its time.
import { type Agency, Refusal } from '../kernel/agency.ts';
import { type Answer, check, type Draft, fault, response, seal } from './answer.ts';
import { page, validate } from './contract.ts';
import { caseView, filings } from './filings.ts';
import { type LaborMessage, readMessage } from './message.ts';
import { OPERATIONS, personOf, planOf } from './operations.ts';
import { decide, fire } from './review.ts';
import { RULES } from './rules.ts';
import { wrap } from './wrapped.ts';
import { withXml } from './xml.ts';

const ACTION = /^"?urn:agency:labor:1#(\w+)"?$/;
const actionOf = (header: string | undefined) => ACTION.exec(header ?? '')?.[1];

export const labor: Agency<LaborMessage, Answer, Draft> = Object.freeze({
  name: 'labor',
  commonName: 'labor.agency.mock',
  clerkDelay: 'PT3S',
  reads: ['Ping', 'QueryUnit', 'QueryPerson', 'QueryFiling', 'ListFilings', 'ListEmployees'],
  rules: RULES,

  page,
  operation: (call) => actionOf(call.headers.soapaction),
  authenticate(call, room) {
    const message = readMessage(call.body, room);
    const action = call.headers.soapaction ?? '""';
    // An action that names another operation would let a proxy's rules be walked around.
    const named = action === '""' || action === '' || actionOf(action) === message.operation;
    if (room.keeps('labor.action') && !named) {
      throw new Refusal('SCHEMA_INVALID', `SOAPAction does not name ${message.operation}`, { status: 400 });
    }
    return message;
  },
  validate(call, _message, room) {
    if (room.keeps('labor.schema')) withXml(call.body, validate, room.keeps);
  },
  concerns(message, room) {
    const plan = planOf(message, room);
    return {
      unit: message.uscc,
      unitName: message.unitName,
      persons: message.fields.AAC002 === undefined ? [] : [personOf(message)],
      ...(plan ? { plan } : {}),
    };
  },
  handle(message, room) {
    const operation = Object.hasOwn(OPERATIONS, message.operation)
      ? OPERATIONS[message.operation]
      : undefined;
    if (!operation)
      throw new Refusal('NOT_IMPLEMENTED', `${message.operation} is not implemented`, { status: 501 });
    return operation(message, room);
  },
  encode: (answer, message) => response(message.operation, answer),
  refuse(refusal, _call, message) {
    const business = refusal.status === 422 || refusal.status === 200;
    if (!message || !business || !Object.hasOwn(OPERATIONS, message.operation)) return fault(refusal);
    return response(message.operation, { code: refusal.code, message: refusal.message, parts: [] });
  },
  check,
  wrap,
  seal: (draft, _call, _message, signer) => seal(draft, signer),

  fire,
  cases: (room) => filings(room).all().map(caseView),
  decide,
} satisfies Agency<LaborMessage, Answer, Draft>);
