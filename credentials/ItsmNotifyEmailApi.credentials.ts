import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyEmailApi implements ICredentialType {
	name = 'itsmNotifyEmailApi';

	displayName = 'ITSM Notify Email API';

	icon: Icon = { light: 'file:icons/email.svg', dark: 'file:icons/email.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/email.md';

	properties: INodeProperties[] = [
		{
			displayName: 'SMTP Host',
			name: 'host',
			type: 'string',
			default: '',
			placeholder: 'e.g. smtp.example.com',
		},
		{
			displayName: 'Port',
			name: 'port',
			type: 'number',
			default: 587,
			description:
				'587 with STARTTLS, 465 with TLS from the first byte, 25 inside a private network',
		},
		{
			displayName: 'TLS From the First Byte',
			name: 'secure',
			type: 'boolean',
			default: false,
			description:
				'Whether the server speaks TLS at once (port 465). Otherwise STARTTLS is used where the server offers it.',
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			description: 'Leave empty where the server asks for none',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'From',
			name: 'from',
			type: 'string',
			default: '',
			placeholder: 'e.g. IT Service Desk <itsm@example.com>',
		},
		{
			displayName: 'Reply To',
			name: 'replyTo',
			type: 'string',
			default: '',
			placeholder: 'e.g. support@example.com',
		},
		{
			displayName: 'Signed Reply Addresses',
			name: 'signedReplies',
			type: 'boolean',
			default: false,
			description:
				'Whether each mail asks for answers at an address of its ticket (support+…@example.com), which proves who answers. The mailbox of Reply To must take plus addresses, and a workflow such as 06 Mail Answers must read it.',
		},
		{
			displayName: 'Message ID Domain',
			name: 'messageIdDomain',
			type: 'string',
			default: '',
			description: 'Leave empty to use the domain of From. Mails of one ticket are threaded by it.',
		},
		{
			displayName: 'Accept Unverified Certificates',
			name: 'allowUnauthorized',
			type: 'boolean',
			default: false,
			description: 'Whether to connect even if SSL certificate validation is not possible',
		},
	];
}
