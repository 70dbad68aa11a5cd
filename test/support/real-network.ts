/** Takes nock out of the way for a suite over real sockets: one file that imports it puts it between all sockets of the run. */
import nock from 'nock';

export function useRealNetwork(): void {
  let active = false;
  before(() => {
    active = nock.isActive();
    nock.restore();
  });
  after(() => {
    if (active) nock.activate();
  });
}
