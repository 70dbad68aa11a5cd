/**
 * Keeps webhooks out of the network that the gateway stands in (SSRF): every special-purpose range of the IANA
 * registries is refused, for a name by what it resolves to at the moment of connecting, so that a name that changes
 * its mind between check and use gains nothing. An operator may allow ranges (a HR core on the same network).
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { isIP } from 'node:net';
import { rangeList } from '../ranges.ts';

/** IANA IPv4 and IPv6 Special-Purpose Address Registries, plus multicast (RFC 5771, RFC 4291). */
const SPECIAL_RANGES = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Unspecified, loopback, and the retired way to write an IPv4 address.
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  // Site-local, retired (RFC 3879) and still routed inside some networks.
  'fec0::/10',
  'ff00::/8',
];

export interface Guard {
  /** Why an endpoint's address is refused, or undefined. For when it is saved; each delivery is checked again on connecting. */
  check(url: string): Promise<string | undefined>;
  /** A `lookup` for http(s) requests: fails with the reason when the name resolves to a refused address. */
  readonly lookup: typeof dnsLookup;
}

/** @param allowed CIDR ranges that endpoints may lie in although they are special. */
export function createGuard(allowed: readonly string[]): Guard {
  const special = rangeList(SPECIAL_RANGES);
  const exceptions = rangeList(allowed);
  const refused = (address: string): string | undefined => {
    if (exceptions.has(address) || !special.has(address)) return undefined;
    return `${address} is an internal or reserved address; an operator can allow its range with WEBHOOK_ALLOW`;
  };

  const lookup = ((
    hostname: string,
    options: object,
    callback: (error: Error | null, ...rest: unknown[]) => void,
  ) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error);
      for (const { address } of addresses) {
        const reason = refused(address);
        if (reason !== undefined) return callback(new Error(reason));
      }
      const [first] = addresses;
      if (first === undefined) return callback(new Error(`${hostname} has no address`));
      if ('all' in options && options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  }) as typeof dnsLookup;

  return {
    lookup,
    async check(text) {
      if (!URL.canParse(text)) return 'not a URL: give it whole, such as https://hr.example.com/exitgate';
      const url = new URL(text);
      if (url.protocol !== 'https:' && url.protocol !== 'http:')
        return 'only http and https addresses can be called';
      if (url.username !== '' || url.password !== '')
        return 'leave user and password out: the signature proves who is calling';
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const addresses =
        isIP(host) === 0 ? await resolve(host, { all: true }).catch(() => undefined) : [{ address: host }];
      if (addresses === undefined || addresses.length === 0) return `the name ${host} cannot be resolved`;
      const reasons = addresses
        .map(({ address }) => refused(address))
        .filter((reason) => reason !== undefined);
      if (reasons.length > 0) return reasons[0];
      // Plain http is for a HR core on an allowed network; over the open one the body could be read.
      const inside = addresses.every(({ address }) => exceptions.has(address));
      return url.protocol === 'http:' && !inside ? 'use https: events would travel readable' : undefined;
    },
  };
}
