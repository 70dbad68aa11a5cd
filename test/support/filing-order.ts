/** A filing as the gateway hands it to an adapter: the seed's case. Synthetic person and unit. */
export { handedOver, makeFilingOrder, UNIT } from '../../adapters/conformance/order.ts';
