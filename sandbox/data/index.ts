export * from './config.ts';
export * from './keys.ts';
export * from './people.ts';
export * from './tickets.ts';
