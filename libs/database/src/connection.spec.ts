import { ConfigError } from '@kinora/service';
import { connectionOf } from './connection';

describe('how a connection is opened', () => {
  it('is read from the URL', () => {
    expect(connectionOf({}, 'postgres://k%40a:p%2Fw@[::1]:6432/kin%20ora')).toMatchObject({
      ...{ host: '::1', port: 6432, user: 'k@a', password: 'p/w', database: 'kin ora', ssl: false },
      ...{ statement_timeout: 15_000, lock_timeout: 5_000, idle_in_transaction_session_timeout: 30_000 },
    });
    expect(connectionOf({}, 'postgres://u@db.example/x')).toMatchObject({ host: 'db.example', port: 5432 });
  });

  it('refuses what it would not heed', () => {
    expect(() => connectionOf({}, 'postgres://u:p@db/x?sslmode=verify-full')).toThrow(ConfigError);
    expect(() => connectionOf({ DATABASE_AUTH: 'iam' }, 'postgres://u@db/x')).toThrow('DATABASE_SSL');
    expect(() =>
      connectionOf({ DATABASE_SSL: 'verify-full', DATABASE_CA_FILE: '/nowhere.pem' }, 'postgres://u@db/x'),
    ).toThrow('DATABASE_CA_FILE');
  });
});
