/** What a person can do from a message. The first four are buttons; all are words (commands.ts). */
export const BUTTON_ACTIONS = ['acknowledge', 'resolve', 'escalate', 'comment'] as const;
export type ButtonAction = (typeof BUTTON_ACTIONS)[number];

export const ACTIONS = [...BUTTON_ACTIONS, 'status', 'mute', 'unmute', 'help', 'unknown'] as const;
export type Action = (typeof ACTIONS)[number];

export const isButtonAction = (value: string): value is ButtonAction =>
	(BUTTON_ACTIONS as readonly string[]).includes(value);

export const isAction = (value: string): value is Action =>
	(ACTIONS as readonly string[]).includes(value);
