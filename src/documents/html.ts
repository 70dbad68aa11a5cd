/** A sheet as a page of HTML: self-contained, for a screen and for A4; it loads nothing. */
import type { Words } from '../language.ts';
import { dateWords, ISSUED_ON, NUMBER, type Sheet, type Value } from './sheet.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (each) => ENTITIES[each] ?? each);

const STYLE = `
@page { size: A4; margin: 20mm; }
body { font: 11pt/1.6 "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #000;
  max-width: 170mm; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 18pt; text-align: center; margin: 0; }
h1 span { display: block; font-size: 11pt; font-weight: normal; }
.number { text-align: center; color: #444; margin: .5em 0 1.5em; }
table { width: 100%; border-collapse: collapse; margin-bottom: 1.5em; }
th, td { border: 1px solid #666; padding: .35em .6em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
.fields th { width: 34%; }
th { font-weight: normal; background: #f3f3f3; }
[lang=en] { display: block; font-size: 9pt; color: #444; }
thead { display: table-header-group; }
tr, .places { break-inside: avoid; }
.places { display: flex; gap: 2em; margin-top: 2em; }
.places div { flex: 1; min-height: 32mm; border-bottom: 1px solid #666; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
`;

const words = ({ zh, en }: Words) => `${escaped(zh)}<span lang="en">${escaped(en)}</span>`;
const value = (given: Value) => (typeof given === 'string' ? escaped(given) : words(given));

export function renderHtml(sheet: Sheet): string {
  const { title, number, fields, table, statements, places } = sheet;
  const issued = { label: ISSUED_ON, value: dateWords(sheet.issuedOn) };
  const field = ({ label, value: given }: Sheet['fields'][number]) =>
    `<tr><th scope="row">${words(label)}</th><td>${value(given)}</td></tr>`;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${title.zh} ${title.en} ${number}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${words(title)}</h1>
<p class="number">${escaped(`${NUMBER.zh} ${NUMBER.en} ${number}`)}</p>
<table class="fields"><tbody>
${[...fields, issued].map(field).join('\n')}
</tbody></table>
${table === undefined ? '' : tableOf(table)}
${statements.map((each) => `<p>${words(each)}</p>`).join('\n')}
<div class="places">
${places.map((each) => `<div>${words(each)}</div>`).join('\n')}
</div>
</body>
</html>
`;
}

function tableOf({ columns, rows }: NonNullable<Sheet['table']>): string {
  const head = columns.map(
    ({ label, share }) => `<th scope="col" style="width: ${Math.round(share * 100)}%">${words(label)}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`);
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}
