export * from './config.ts';
export * from './people.ts';
export * from './tickets.ts';
