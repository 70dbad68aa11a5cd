// For the fault `wrapped-signature`: an answer whose signature is good, over a Body that is no longer the one to be read.
import type { Reply } from '../kernel/agency.ts';

const BODY = /<soap:Body [^>]*>[\s\S]*<\/soap:Body>/;

/** The signed Body moves into the Header, where its Id is still found; the Body in its place says that all has passed. */
export function wrap(reply: Reply): Reply {
  const xml = reply.body.toString();
  const signed = BODY.exec(xml)?.[0];
  if (signed === undefined) return reply;
  const forged = signed
    .replace(/wsu:Id="[^"]*"/, 'wsu:Id="forged"')
    .replace(/<SAA036>[^<]*</, '<SAA036>L00000000FORGED<')
    .replace(/<TAA103>\d</, '<TAA103>1<')
    .replace(/<SAA043>\d</, '<SAA043>6<');
  const moved = xml
    .replace(BODY, forged)
    .replace('</soap:Header>', `<Moved xmlns="urn:moved">${signed}</Moved></soap:Header>`);
  return { ...reply, body: moved };
}
