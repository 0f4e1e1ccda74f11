// A door before a server: closed, it ends what goes through it and lets nobody in.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpDoor {
	port: number;
	open(): void;
	close(): void;
	stop(): Promise<void>;
}

export async function tcpDoor(target: { host: string; port: number }): Promise<TcpDoor> {
	const sockets = new Set<Socket>();
	let isOpen = true;
	const server = createServer((caller) => {
		if (!isOpen) return void caller.destroy();
		const called = connect(target.port, target.host);
		for (const [one, other] of [
			[caller, called],
			[called, caller],
		]) {
			sockets.add(one);
			one.on('data', (data) => other.write(data));
			one.on('error', () => undefined);
			one.on('close', () => {
				sockets.delete(one);
				other.destroy();
			});
		}
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const endAll = (): void => sockets.forEach((socket) => socket.destroy());
	return {
		port: (server.address() as AddressInfo).port,
		open: () => void (isOpen = true),
		close() {
			isOpen = false;
			endAll();
		},
		async stop() {
			endAll();
			await new Promise((done) => server.close(done));
		},
	};
}
