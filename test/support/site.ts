/** For a suite over the whole way: mock agencies, a database and a gateway between them, up for all of its tests. */
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import { type Gateway, makeTenant, startGateway, type Tenant, testEnvironment } from './gateway.ts';
import { useRealNetwork } from './real-network.ts';

export interface Site {
  readonly mocks: Agencies;
  readonly database: TestDatabase;
  readonly gateway: Gateway;
  /** Closed with the site. */
  newTenant(): Promise<Tenant>;
}

/** @param environment laid over that of every gateway of the tests. */
export function useGateway(
  environment: Readonly<Record<string, string>> = {},
  options: Parameters<typeof startGateway>[1] = {},
): Site {
  useRealNetwork();
  let mocks: Agencies | undefined;
  let database: TestDatabase | undefined;
  let gateway: Gateway | undefined;
  const tenants: Tenant[] = [];

  before(async () => {
    [mocks, database] = await Promise.all([startAgencies(), freshDatabase()]);
    const settings = { ...testEnvironment(database.url), SANDBOX_DESK_URL: mocks.urls.desk, ...environment };
    gateway = await startGateway(settings, options);
  });
  after(async () => {
    for (const tenant of tenants) await tenant.close();
    await gateway?.app.close();
    await mocks?.close();
    await database?.drop();
  });

  const up = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('the site is up from the suite’s own `before` on');
    return part;
  };
  return {
    get mocks() {
      return up(mocks);
    },
    get database() {
      return up(database);
    },
    get gateway() {
      return up(gateway);
    },
    async newTenant() {
      const tenant = await makeTenant(up(gateway), up(mocks));
      tenants.push(tenant);
      return tenant;
    },
  };
}
