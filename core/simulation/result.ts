/** What a simulation tells (docs/simulation.md); instants are ISO 8601 UTC. */
export interface SimulationResult {
	messages: SimulatedMessage[];
	decisions: SimulatedDecision[];
	unrouted: Array<{ at: string; event_id: string; recipient: string; reason: string }>;
	warnings: Array<{ code: string; field?: string; message: string }>;
}

export interface SimulatedMessage {
	at: string;
	channel: string;
	recipient: string;
	kind: 'single' | 'digest' | 'escalation' | 'reminder' | 'update';
	/** Every ticket that the message accounts for, those behind "+M more" too. */
	ticket_ids: string[];
	event_ids: string[];
	entries: Array<{ ticket_id: string; event_id: string; status: string | null; title: string }>;
	reason: string;
}

export interface SimulatedDecision {
	at: string;
	delivery_id: string;
	event_id: string;
	recipient: string;
	channel: string;
	action: 'send' | 'hold' | 'silence';
	reason: string;
	until?: string;
}
