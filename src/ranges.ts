/** Lists of address ranges in CIDR notation: where webhooks may go, where an API key may come from. */
import { BlockList, isIP } from 'node:net';

export interface RangeList {
  has(address: string): boolean;
}

/** @throws Error that names the range which is none. */
export function rangeList(ranges: readonly string[]): RangeList {
  // Two lists: in a common one `::ffff:0:0/96` would take in every IPv4 address there is.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const [address = '', bits, ...more] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const most = family === 'ipv6' ? 128 : 32;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (isIP(address) === 0 || more.length > 0 || !(prefix <= most))
      throw new Error(`"${range}" is not an address range such as 10.0.0.0/8 or fd00::/8`);
    lists[family].addSubnet(address, prefix, family);
  }
  return {
    has: (address) =>
      isIP(address) === 6
        ? // An IPv4 address written as IPv6 is also looked up as what it is.
          lists.ipv6.check(address, 'ipv6') || lists.ipv4.check(address, 'ipv6')
        : lists.ipv4.check(address, 'ipv4'),
  };
}
