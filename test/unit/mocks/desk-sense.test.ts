// What the desk is told must be able to be: ID numbers with their check character, corrections of fields that there are.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { fieldsOf } from '../../../mocks/desk/form-fields.ts';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { laborClient, PERSON, UNIT } from './labor-client.ts';

const read = (path: string) => readFileSync(new URL(`../../../mocks/${path}`, import.meta.url), 'utf8');

describe('the desk makes sure that it makes sense', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let count = 0;
  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(() => {
    count += 1;
    box = agencies.sandbox(`sense-${count}`, { frozen: true });
  });
  after(() => agencies.close());

  const put = async (path: string, body: object, method = 'PUT') => {
    const answer = await fetch(box.urls.desk + path, { method, body: JSON.stringify(body) });
    const { code, detail, fields } = (await answer.json()) as Record<string, string | string[]>;
    return { status: answer.status, code, detail, fields };
  };

  const person = { uscc: UNIT.uscc, name: '张某' };
  for (const [path, body] of [
    ['/disputes', {}],
    ['/persons', person],
    ['/persons', { ...person, id_type: 'residence_permit' }],
  ] as const)
    it(`names the field and the check character: ${path} ${JSON.stringify(body)}`, async () => {
      const answer = await put(path, { ...body, id_number: '110105194912310021' });
      assert.deepEqual([answer.status, answer.code], [422, 'ID_NUMBER_INVALID']);
      assert.equal(answer.detail, 'id_number: the check character of GB 11643 would be X, not 1');
      assert.equal((await put(path, { ...body, id_number: '11010519491231002X' })).status, 200);
    });

  it('refuses a birthday that there is not, and takes what is no resident ID', async () => {
    const answer = await put('/disputes', { id_number: '110101199002300014' });
    assert.match(String(answer.detail), /^id_number: .*birthday/);
    assert.equal((await put('/disputes', { id_number: 'E12345678' })).status, 200);
    assert.equal((await put('/persons', { ...person, id_number: 'E12345678' })).status, 422);
    const passport = { ...person, id_type: 'passport', id_number: 'E12345678' };
    assert.equal((await put('/persons', passport)).status, 200);
  });

  it('asks only for corrections that can be answered, and says of what', async () => {
    box.clerk('labor', { policy: 'manual' });
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    await client.submit('S-1');
    const [found] = box.cases('labor');
    assert.equal(found?.person, `${PERSON.name} ${PERSON.idNumber}`);
    const decide = (field: string) =>
      put(`/cases/labor/${found?.id}/decide`, { decision: 'correction', field }, 'POST');
    const refused = await decide('salary');
    assert.deepEqual([refused.status, refused.code], [422, 'FIELD_UNKNOWN']);
    assert.match(String(refused.detail), /^field: the form has no salary; it has BAE941, .*, supplement$/);
    assert.deepEqual(refused.fields, fieldsOf('SubmitTermination'));
    assert.equal((await decide('abc914')).status, 200);
    const script = [{ decision: 'correction', field: 'AAE160' }];
    assert.equal((await put('/clerk/labor', { script })).code, 'FIELD_UNKNOWN');
    assert.equal((await put('/clerk/insurance', { script })).status, 200);
    const fault = { fault: 'correction', agency: 'credit', field: 'abc916' };
    assert.equal((await put('/faults', fault, 'POST')).code, 'FIELD_UNKNOWN');
  });

  it('has the fields of the published contracts', () => {
    const names = (text: string) => [...text.matchAll(/<xs:element name="([^"]+)"/g)].map(([, name]) => name);
    const within = (text: string, from: RegExp, to: string) => (text.split(from)[1] ?? '').split(to)[0] ?? '';
    const labor = read('labor/contract/labor.xsd');
    assert.deepEqual(
      names(within(labor, /<xs:group name="Content">/, '</xs:group>')),
      fieldsOf('SubmitTermination'),
    );
    const insurance = read('insurance/contract/insurance.xsd');
    for (const [row, operation] of [
      ['StopRow', 'stop'],
      ['TransferRow', 'transfer'],
    ] as const)
      assert.deepEqual(
        names(within(insurance, new RegExp(`<xs:complexType name="${row}">`), '</xs:sequence>')),
        fieldsOf(operation),
      );
    const { components } = parse(read('credit/contract/openapi.yaml')) as {
      components: { schemas: Record<string, { properties: object }> };
    };
    const of = (schema: string) => Object.keys(components.schemas[schema]?.properties ?? {});
    assert.deepEqual(
      of('RegistrationChange').flatMap((name) =>
        name === 'practitioner' ? [name, ...of('Practitioner_')] : [name],
      ),
      fieldsOf('submitRegistrationChange'),
    );
  });
});
