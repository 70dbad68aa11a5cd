// A client that knows nothing but the published contract: the `soap` package reads the WSDL from the running mock and files.
import assert from 'node:assert/strict';
import { createClientAsync, type ISecurity } from 'soap';
import { type Agencies, type Identity, startAgencies } from '../../../mocks/index.ts';
import { signXml, UNIT } from './labor-client.ts';

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

/** Writes the empty Security header, then signs the Body: what a soap library's certificate security does. */
const bodySignature = (identity: Identity): ISecurity => ({
  toXML: () => '',
  postProcess: (xml) =>
    signXml(xml.replace('<soap:Header>', `<soap:Header><wsse:Security xmlns:wsse="${WSSE}"/>`), identity),
});

describe('labor agency and a foreign SOAP client', () => {
  let agencies: Agencies;
  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
  });
  after(() => agencies.close());

  it('reads the WSDL at the address called and files with it', async () => {
    const box = agencies.sandbox('foreign');
    const client = await createClientAsync(`${box.urls.labor}/?wsdl`);
    client.setSecurity(bodySignature(await box.identity(UNIT.uscc, UNIT.name)));
    const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
      const method: unknown = Reflect.get(client, `${operation}Async`);
      assert.ok(typeof method === 'function', `the WSDL has no ${operation}`);
      const [answer]: [Record<string, unknown>] = await method.call(client, input);
      return answer;
    };
    const person = { AAC058: '01', AAC002: '440305199202290036', AAC003: '李某' };
    const { AAB001, AAB004 } = await call('QueryUnit', { BAB010: UNIT.uscc });
    assert.equal(AAB004, UNIT.name);
    const { AAC001 } = await call('QueryPerson', { AAB001, ...person });
    const filed = await call('SubmitTermination', {
      BAE941: 'F-1',
      AAB001,
      BAB010: UNIT.uscc,
      AAB004,
      AAC001,
      ...person,
      post: '柜员',
      abc916: '20261125',
      abc917: '6319',
      yearsOfService: '2.5',
      supplement: [{ kind: 'handover', title: '交接单', text: '完成 & 签字' }],
    });
    assert.deepEqual([filed.result, filed.SAA043], [{ code: '0', message: 'received' }, '2']);
    assert.deepEqual(box.cases('labor')[0]?.detail.supplements, [
      { kind: 'handover', title: '交接单', text: '完成 & 签字' },
    ]);
  });
});
