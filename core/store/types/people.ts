export interface Presence {
	user_id: string;
	status: 'available' | 'focused' | 'in_meeting' | 'dnd';
	/** Absent: until it is changed. */
	until?: string | null;
	updated_at: string;
}

export interface PresenceRepository {
	put(rows: readonly Presence[]): Promise<void>;
	get(userIds: readonly string[]): Promise<Presence[]>;
}
