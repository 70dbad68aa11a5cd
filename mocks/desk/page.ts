// The desk's front page: what this is, where it listens, and the commands one needs first.
import type { Sandbox } from '../kernel/sandbox.ts';
import type { House } from './route.ts';

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

export function homePage(
  house: House,
  sandbox: Sandbox,
  base: string,
  urls: Readonly<Record<string, string>>,
): string {
  const post = (path: string, body: unknown) =>
    `curl -s ${base}${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  const commands: [string, string][] = [
    [
      'Key and certificate for an employer',
      post('/identities', { uscc: '91110105MA001234X4', name: 'Example Securities' }),
    ],
    ['Fifteen days later', post('/clock/advance', { by: 'P15D' })],
    [
      'The next submission is taken, but its answer is lost',
      post('/faults', { fault: 'commit-then-lose-reply', agency: 'labor' }),
    ],
    ['The clerk asks for more with the next case', post('/faults', { fault: 'correction', agency: 'labor' })],
    ['Leave the decisions to me', `curl -s -X PUT ${base}/clerk/labor -d '{"policy":"manual"}'`],
    ['What is on the desk', `curl -s ${base}/cases`],
    ['Decide one', post('/cases/labor/{id}/decide', { decision: 'accept' })],
    ['What went over the wire', `curl -s ${base}/exchanges`],
    ['A sandbox of my own', post('/sandboxes', { name: 'mine' })],
    ['Start over', `curl -s -X POST ${base}/reset`],
  ];
  const agencies = house.names
    .map(
      (name) =>
        `<li><b>${name}</b> <code>${escapeHtml(sandbox.name === 'default' ? (urls[name] ?? '') : `${base}/${name}`)}</code></li>`,
    )
    .join('');
  // In public one does not tell strangers whom else there is.
  const sandboxes = (house.hosting.isPublic ? [sandbox] : house.list())
    .map(({ name, clock }) => `<li><a href="/s/${name}/">${name}</a> ${clock.now().toISOString()}</li>`)
    .join('');
  const faults = sandbox.faults
    .list()
    .map(
      (fault) =>
        `<li><b>${escapeHtml(fault.id)}</b> ${escapeHtml(fault.preset ?? fault.kind)}, ${fault.remaining} left</li>`,
    )
    .join('');
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Exitgate mock agencies</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}code,pre{background:#f3f3f3;padding:.1rem .3rem}pre{padding:.5rem;overflow-x:auto}dt{margin-top:.8rem}</style></head>
<body><h1>Mock agencies</h1>
<p>Three stateful agencies to develop against: labour filing, social insurance, credit record. Nothing here is real; put no real person in.
This is the desk of sandbox <b>${escapeHtml(sandbox.name)}</b>; its time is <b>${sandbox.clock.now().toISOString()}</b>${sandbox.clock.running ? '' : ' (frozen)'}.</p>
<h2>Agencies</h2><ul>${agencies}</ul>
<p>Control API: <a href="${escapeHtml(base)}/openapi.json">openapi.json</a> · CA: <a href="${escapeHtml(base)}/ca.pem">ca.pem</a></p>
<h2>Sandboxes</h2><ul>${sandboxes}</ul>
${faults ? `<h2>Armed faults</h2><ul>${faults}</ul>` : ''}
<h2>Commands</h2><dl>${commands.map(([what, how]) => `<dt>${escapeHtml(what)}</dt><dd><pre>${escapeHtml(how)}</pre></dd>`).join('')}</dl>
</body></html>`;
}
