// Whom a request comes from, and under which address it was made, where a proxy stands in front: what it says of that is
// believed only when the connection comes from one that is trusted, for anybody can write those headers.
import { BlockList, isIP } from 'node:net';

export interface Origin {
  /** `https://mocks.example.cn`: what the client has called. */
  readonly base: string;
  readonly address: string | undefined;
}

/** @param remote the other end of the connection @param headers in lower case */
export type OriginOf = (
  remote: string | undefined,
  headers: Readonly<Record<string, string | undefined>>,
) => Origin;

/**
 * @param ranges CIDR notation: `127.0.0.1/32`, `10.0.0.0/8`, `fd00::/8`; none: nobody is trusted
 * @throws RangeError that names the range which is none
 */
export function trusting(ranges: readonly string[]): OriginOf {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = isIP(address) === 6 ? '128' : '32'] = range.split('/');
    if (isIP(address) === 0) throw new RangeError(`"${range}" is not an address range such as 10.0.0.0/8`);
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  const trusted = (address: string | undefined) =>
    address !== undefined &&
    isIP(address) !== 0 &&
    list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return (remote, headers) => {
    const near = remote === undefined ? undefined : plain(remote);
    const host = headers.host ?? 'localhost';
    if (!trusted(near)) return { base: `http://${host}`, address: near };
    const scheme = first(headers['x-forwarded-proto'])?.toLowerCase() === 'https' ? 'https' : 'http';
    // From the right: what the nearest proxy has seen itself, then further on for as long as those are trusted too.
    let address = near;
    for (const hop of (headers['x-forwarded-for'] ?? '').split(',').map(plain).reverse()) {
      if (isIP(hop) === 0) break;
      address = hop;
      if (!trusted(hop)) break;
    }
    return { base: `${scheme}://${first(headers['x-forwarded-host']) ?? host}`, address };
  };
}

const first = (header: string | undefined) => header?.split(',')[0]?.trim() || undefined;

/** An IPv4 address that came in over IPv6 is the same address. */
const plain = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/i, '');
