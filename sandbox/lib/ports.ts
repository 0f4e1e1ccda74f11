import { createServer, type AddressInfo } from 'node:net';

const tryPort = (port: number): Promise<number | undefined> =>
	new Promise((done) => {
		const server = createServer();
		server.once('error', () => done(undefined));
		server.listen(port, '127.0.0.1', () => {
			const { port: given } = server.address() as AddressInfo;
			server.close(() => done(given));
		});
	});

/** `wanted` if it is free, else the next free one above it; without it, any free port. */
export async function freePort(wanted = 0): Promise<number> {
	for (let port = wanted; port <= wanted + 100; port++) {
		const free = await tryPort(port);
		if (free !== undefined) return free;
	}
	throw new Error(`No free port from ${wanted} to ${wanted + 100}`);
}
