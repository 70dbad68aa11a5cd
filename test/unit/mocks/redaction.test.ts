// What the journal keeps back of a request and an answer.
import assert from 'node:assert/strict';
import { type Agencies, startAgencies } from '../../../mocks/index.ts';
import { KEPT_BACK, redactBody, redactPath } from '../../../mocks/kernel/redaction.ts';
import { UNIT } from './credit-client.ts';

const shown = (text: string) => redactBody(Buffer.from(text)).kept.toString();

describe('what the journal keeps back', () => {
  let agencies: Agencies;
  before(async () => {
    agencies = await startAgencies({ only: ['credit'] });
  });
  after(() => agencies.close());

  it('secrets in forms, whatever way their name is written, and nothing beside them', () => {
    const rest = 'grant_type=client_credentials&client_id=client-1';
    for (const name of ['client_secret', 'CLIENT_SECRET', 'client%5Fsecret'])
      assert.equal(shown(`${name}=s3cret&${rest}`), `${name}=${KEPT_BACK}&${rest}`);
    assert.equal(shown(rest), rest);
    assert.equal(
      redactPath('/x', new URLSearchParams('access_token=a&b=c')).kept,
      `/x?access_token=${KEPT_BACK}&b=c`,
    );
  });

  it('secrets in JSON, also when the end is missing', () => {
    assert.equal(shown('{"access_token": "a\\"b", "n": 1}'), `{"access_token": "${KEPT_BACK}", "n": 1}`);
    assert.equal(shown('[{"client_secret":"abc'), `[{"client_secret":"${KEPT_BACK}"`);
    const plain = '{"token_type":"Bearer","名":"值"}';
    assert.equal(shown(plain), plain);
  });

  it('both at the token endpoint, whose request is not sent again', async () => {
    const box = agencies.sandbox();
    const { clientId, clientSecret } = box.oauthClient(UNIT);
    const answer = await fetch(`${box.urls.credit}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    const { access_token } = (await answer.json()) as { access_token: string };
    const [entry] = box.exchanges('credit');
    const bytes = `${entry?.request.body}${entry?.response?.body}`;
    assert.match(bytes, /client_id=/);
    assert.ok(access_token.length > 20 && !bytes.includes(access_token) && !bytes.includes(clientSecret));
    const again = await fetch(`${box.urls.desk}/exchanges/${entry?.id}/replay`, { method: 'POST' });
    assert.equal(((await again.json()) as { code: string }).code, 'EXCHANGE_SECRET');
  });
});
