import type { INodeProperties } from 'n8n-workflow';

/** People written to side by side. */
export const AT_ONCE = 10;

/** What every sender asks; only the words of recipient and payload differ. */
export function senderProperties(channel: {
	name: string;
	recipient: string;
	recipientPlaceholder: string;
	payload: string;
	/** People written to side by side, where the channel bears fewer than usual. */
	atOnce?: number;
}): INodeProperties[] {
	const below = { show: { input: ['defineBelow'] } };
	return [
		{
			displayName: 'Input',
			name: 'input',
			type: 'options',
			options: [
				{
					name: 'Delivery Item',
					value: 'deliveryItem',
					description: 'What ITSM Template Render gives',
				},
				{
					name: 'Define Below',
					value: 'defineBelow',
					description: `Write the message here and use ${channel.name} alone, without the other ITSM nodes`,
				},
			],
			default: 'deliveryItem',
			description: 'Where the message comes from',
		},
		{
			displayName: channel.recipient,
			name: 'recipient',
			type: 'string',
			default: '',
			placeholder: channel.recipientPlaceholder,
			displayOptions: below,
		},
		{
			displayName: 'Title',
			name: 'title',
			type: 'string',
			default: '',
			placeholder: 'e.g. Disk of db-01 is full',
			displayOptions: below,
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			displayOptions: below,
		},
		{
			displayName: 'Buttons',
			name: 'buttons',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Button',
			default: {},
			description: 'Links under the text',
			displayOptions: below,
			options: [
				{
					displayName: 'Button',
					name: 'button',
					values: [
						{
							displayName: 'Label',
							name: 'label',
							type: 'string',
							default: '',
							placeholder: 'e.g. Open ticket',
						},
						{
							displayName: 'URL',
							name: 'url',
							type: 'string',
							default: '',
							placeholder: 'e.g. https://itsm.example.com/INC-1',
						},
					],
				},
			],
		},
		{
			displayName: 'Raw Payload',
			name: 'raw',
			type: 'json',
			default: '',
			description: channel.payload,
			displayOptions: below,
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Recipients at Once',
					name: 'concurrency',
					type: 'number',
					typeOptions: { minValue: 1 },
					// AT_ONCE; n8n's lint reads literals only.
					default: 10,
					...(channel.atOnce === undefined ? {} : { default: channel.atOnce }),
					description:
						'How many people are written to side by side; the order for each of them is kept',
				},
				{
					displayName: 'Timeout per Call (Seconds)',
					name: 'timeoutSeconds',
					type: 'number',
					typeOptions: { minValue: 1 },
					default: 10,
				},
			],
		},
	];
}
