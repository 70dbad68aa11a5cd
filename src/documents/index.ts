/** Documents made of one value in two forms: a page to look at, and the PDF whose SHA-256 stands as evidence. */
import { type CertificateData, certificateSheet } from './certificate.ts';
import { font } from './font.ts';
import { type HandoverData, handoverSheet } from './handover.ts';
import { renderHtml } from './html.ts';
import type { Sheet } from './sheet.ts';

export { type CertificateData, type CertificateOptions, certificateData } from './certificate.ts';
export { type HandoverData, type HandoverItem, handoverData, handoverItemsOf } from './handover.ts';

export interface Rendered {
  readonly html: string;
  readonly pdf: Uint8Array;
}

/** Characters that no PDF of ours can show; then the document has to be made elsewhere and uploaded. */
export interface Unprintable {
  readonly unprintable: readonly string[];
}

/** Equal data give equal bytes. */
export const renderCertificate = (data: CertificateData): Promise<Rendered | Unprintable> =>
  render(certificateSheet(data));

/** Equal data give equal bytes. */
export const renderHandover = (data: HandoverData): Promise<Rendered | Unprintable> =>
  render(handoverSheet(data));

async function render(sheet: Sheet): Promise<Rendered | Unprintable> {
  // Loaded with the first document: nothing else of a gateway takes so long, and most processes print none.
  const [bytes, { renderPdf, unprintable }] = await Promise.all([font(), import('./pdf.ts')]);
  const missing = unprintable(sheet, bytes);
  if (missing.length > 0) return { unprintable: missing };
  return { html: renderHtml(sheet), pdf: await renderPdf(sheet, bytes) };
}
