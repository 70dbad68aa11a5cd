// The published contract: serves the files for the address called, and validates messages with them.
import { readFileSync } from 'node:fs';
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { type Call, Refusal, type Reply } from '../kernel/agency.ts';

const file = (name: string): Buffer => readFileSync(new URL(`contract/${name}`, import.meta.url));

let validator: XsdValidator | undefined;

/** Compiled at the first use and kept for the life of the process. */
function schema(): XsdValidator {
  if (validator) return validator;
  xmlRegisterInputProvider(new XmlBufferInputProvider({ 'mock://labor/labor.xsd': file('labor.xsd') }));
  const doc = XmlDocument.fromBuffer(file('envelope.xsd'), { url: 'mock://labor/envelope.xsd' });
  try {
    validator = XsdValidator.fromDoc(doc);
  } finally {
    doc.dispose();
  }
  return validator;
}

/** Throws Refusal SCHEMA_INVALID with the line and the validator's first sentence. */
export function validate(doc: XmlDocument): void {
  try {
    schema().validate(doc);
  } catch (cause) {
    if (!(cause instanceof XmlValidateError)) throw cause;
    const first = cause.details[0];
    throw new Refusal('SCHEMA_INVALID', (first?.message ?? cause.message).trim(), {
      status: 400,
      extra: first ? { line: first.line } : {},
      cause,
    });
  }
}

export function page(call: Call): Reply | undefined {
  if (call.method === 'POST') return undefined;
  if (call.method !== 'GET' && call.method !== 'HEAD')
    return reply(405, 'text/plain; charset=utf-8', 'POST a SOAP message\n');
  if (call.query.has('wsdl') || call.query.has('WSDL')) {
    const text = file('labor.wsdl')
      .toString('utf8')
      .replace('http://127.0.0.1:4101/', `${call.base}/`)
      .replace('schemaLocation="labor.xsd"', `schemaLocation="${call.base}/?xsd=labor.xsd"`);
    return reply(200, 'text/xml; charset=utf-8', text);
  }
  const xsd = call.query.get('xsd');
  if (xsd === 'labor.xsd') return reply(200, 'text/xml; charset=utf-8', file(xsd).toString('utf8'));
  if (xsd === 'envelope.xsd') {
    const text = file(xsd)
      .toString('utf8')
      .replace('schemaLocation="labor.xsd"', `schemaLocation="${call.base}/?xsd=labor.xsd"`);
    return reply(200, 'text/xml; charset=utf-8', text);
  }
  if (call.path === '/' && call.query.size === 0)
    return reply(
      200,
      'text/markdown; charset=utf-8',
      readFileSync(new URL('README.md', import.meta.url), 'utf8'),
    );
  return reply(404, 'text/plain; charset=utf-8', 'here: ?wsdl, ?xsd=labor.xsd, ?xsd=envelope.xsd\n');
}

const reply = (status: number, type: string, body: string): Reply => ({
  status,
  headers: { 'content-type': type },
  body,
});
